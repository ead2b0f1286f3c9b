#include "layer/kernel/coarse_input.h"

#include <ATen/ops/matmul.h>

#include "layer/kernel/tap_range.h"
#include "layer/resize.h"

namespace sshost::layer::kernel {
CoarseInput::CoarseInput(const ConvShape& shape, const at::Tensor& weight)
    : shape_(shape), taps_(weight.permute({2, 3, 0, 1}).reshape({-1, weight.size(1)}).contiguous()) {}

void CoarseInput::add(const at::Tensor& input, ss_resize_kind resize, at::Tensor& sum) const {
  const int64_t height = sum.size(2);
  const int64_t width = sum.size(3);
  // [taps * out, in] . [N, in, h * w] -> [N, taps, out, h, w]
  const at::Tensor products =
      at::matmul(taps_, input.flatten(2)).view({input.size(0), -1, shape_.out_channels, input.size(2), input.size(3)});
  for (int64_t tap = 0; tap < products.size(1); ++tap) {
    const int64_t down = tap / shape_.kernel[1] * shape_.dilation[0] - shape_.padding[0];
    const int64_t right = tap % shape_.kernel[1] * shape_.dilation[1] - shape_.padding[1];
    const TapRange rows(down, height);
    const TapRange columns(right, width);
    if (rows.size() == 0 || columns.size() == 0) continue;
    at::Tensor target = sum.narrow(2, rows.begin, rows.size()).narrow(3, columns.begin, columns.size());
    const at::Tensor product = products.select(1, tap).contiguous(at::MemoryFormat::ChannelsLast);
    if (product.size(2) == 1 && product.size(3) == 1) {
      target.add_(product);
      continue;
    }
    const at::Tensor resized = resize_map(product, height, width, resize);
    target.add_(resized.narrow(2, rows.begin + down, rows.size()).narrow(3, columns.begin + right, columns.size()));
  }
}

bool fits_coarse_inputs(const ConvShape& shape) {
  for (size_t axis = 0; axis < 2; ++axis) {
    if (shape.stride[axis] != 1 || 2 * shape.padding[axis] != shape.dilation[axis] * (shape.kernel[axis] - 1))
      return false;
  }
  return shape.groups == 1;
}

bool is_coarse(const at::Tensor& input, int64_t height, int64_t width) {
  return 8 * input.size(2) * input.size(3) <= height * width;
}

}  // namespace sshost::layer::kernel
