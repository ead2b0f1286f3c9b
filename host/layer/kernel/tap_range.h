#ifndef SSHOST_LAYER_KERNEL_TAP_RANGE_H
#define SSHOST_LAYER_KERNEL_TAP_RANGE_H

#include <algorithm>
#include <cstdint>

namespace sshost::layer::kernel {

// Along an axis of `length`: the output pixels whose tap at `shift` meets the map.
struct TapRange {
  int64_t begin, end;
  TapRange(int64_t shift, int64_t length)
      : begin(std::max<int64_t>(0, -shift)), end(std::min(length, length - shift)) {}
  int64_t size() const { return std::max<int64_t>(0, end - begin); }
};

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_TAP_RANGE_H
