// The reader of COCO-Stuff's labels, MATLAB files of version 5.
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <sshost/error.hpp>
#include <string>

#include "../../plugins/datasets/cocostuff10k/mat_label.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int64_t kMost = 1 << 16;
  static const int descriptor = memfd_create("fuzzed.mat", 0);
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, data, size, 0) != static_cast<ssize_t>(size)) return 0;
  try {
    const auto label = cocostuff10k::read_mat_label("/proc/self/fd/" + std::to_string(descriptor), kMost);
    if (label.height * label.width != static_cast<int64_t>(label.numbers.size())) __builtin_trap();
  } catch (const ss::Error&) {
  }
  return 0;
}
