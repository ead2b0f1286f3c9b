#ifndef SSHOST_REPORT_LITTLE_ENDIAN_H
#define SSHOST_REPORT_LITTLE_ENDIAN_H

#include <cstddef>
#include <string>

namespace sshost::report {

// Appends the bytes of an unsigned integer, the lowest first.
template <typename Unsigned>
void append_little_endian(std::string& bytes, Unsigned value) {
  for (size_t i = 0; i < sizeof value; ++i) bytes.push_back(static_cast<char>((value >> (8 * i)) & 0xff));
}

}  // namespace sshost::report

#endif  // SSHOST_REPORT_LITTLE_ENDIAN_H
