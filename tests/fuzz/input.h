#ifndef SSHOST_TESTS_FUZZ_INPUT_H
#define SSHOST_TESTS_FUZZ_INPUT_H

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/error.h"
#include "checkpoint/byte_source.h"

namespace sshost::test {

// Reads the bytes with `read`, which may refuse them by an Error and by nothing else.
template <typename Read>
int fuzz(const uint8_t* data, size_t size, Read&& read) {
  const checkpoint::MemorySource source("input", std::string_view(reinterpret_cast<const char*>(data), size));
  try {
    read(source);
  } catch (const Error&) {
  }
  return 0;
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_FUZZ_INPUT_H
