#include "layer/kernel/shifted_conv.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/relu.h>

#include <algorithm>

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

constexpr int64_t kRowsInBlock = 8;
constexpr int64_t kChannelsInBlock = 256;  // of the input
constexpr int64_t kOutInBlock = 64;

int64_t divided_up(int64_t value, int64_t by) { return (value + by - 1) / by; }

// Along an axis of `length`: output pixels whose tap at `shift` meets the map.
struct Range {
  int64_t begin, end;
  Range(int64_t shift, int64_t length) : begin(std::max<int64_t>(0, -shift)), end(std::min(length, length - shift)) {}
  int64_t size() const { return std::max<int64_t>(0, end - begin); }
};

struct Shape {
  int64_t height, width, in, out, dilation;
};

// Output rows [first, last) of an image, channels [from, from + count): bias, then every tap.
void convolve(const Shape& shape, const Taps& taps, const float* input, float* output, int64_t first, int64_t last,
              int64_t from, int64_t count) {
  const float* bias = taps.bias.const_data_ptr<float>() + from;
  for (int64_t pixel = first * shape.width; pixel < last * shape.width; ++pixel) {
    std::copy(bias, bias + count, output + pixel * shape.out + from);
  }
  for (int64_t channel = 0; channel < shape.in; channel += kChannelsInBlock) {
    const int64_t depth = std::min(kChannelsInBlock, shape.in - channel);
    for (int64_t tap = 0; tap < 9; ++tap) {
      const int64_t down = (tap / 3 - 1) * shape.dilation;
      const int64_t right = (tap % 3 - 1) * shape.dilation;
      const Range rows(down, shape.height);
      const Range columns(right, shape.width);
      if (columns.size() == 0) continue;
      const float* weight = taps.weight.const_data_ptr<float>() + (tap * shape.in + channel) * shape.out + from;
      for (int64_t row = std::max(first, rows.begin); row < std::min(last, rows.end); ++row) {
        const float* from_pixel = input + ((row + down) * shape.width + columns.begin + right) * shape.in + channel;
        float* to_pixel = output + (row * shape.width + columns.begin) * shape.out + from;
        blas::brgemm(columns.size(), count, depth, shape.in, shape.out, shape.out, /*add_C=*/true, from_pixel, weight,
                     to_pixel);
      }
    }
  }
}

}  // namespace

bool fits_shifted(const Taps& /*taps*/) { return has_micro_kernel(); }

double shifted_products(int64_t dilation, int64_t height, int64_t width) {
  double rows = 0;
  double columns = 0;
  for (int64_t tap = -1; tap <= 1; ++tap) {
    rows += static_cast<double>(Range(tap * dilation, height).size());
    columns += static_cast<double>(Range(tap * dilation, width).size());
  }
  return rows / static_cast<double>(height) * (columns / static_cast<double>(width));
}

at::Tensor shifted_conv(const Taps& taps, const at::Tensor& input, const at::Tensor& residual) {
  const at::Tensor map = input.contiguous(at::MemoryFormat::ChannelsLast);
  const Shape shape{map.size(2), map.size(3), taps.in(), taps.out(), taps.dilation};
  at::Tensor output =
      at::empty({map.size(0), shape.out, shape.height, shape.width}, map.options(), at::MemoryFormat::ChannelsLast);
  const int64_t row_blocks = divided_up(shape.height, kRowsInBlock);
  const int64_t out_blocks = divided_up(shape.out, kOutInBlock);
  const int64_t pixels = shape.height * shape.width;
  at::parallel_for(0, map.size(0) * row_blocks * out_blocks, 1, [&](int64_t begin, int64_t end) {
    for (int64_t task = begin; task < end; ++task) {
      const int64_t from = task % out_blocks * kOutInBlock;
      const int64_t first = task / out_blocks % row_blocks * kRowsInBlock;
      const int64_t image = task / out_blocks / row_blocks;
      convolve(shape, taps, map.const_data_ptr<float>() + image * pixels * shape.in,
               output.mutable_data_ptr<float>() + image * pixels * shape.out, first,
               std::min(shape.height, first + kRowsInBlock), from, std::min(kOutInBlock, shape.out - from));
    }
    blas::brgemm_release(false);
  });
  if (residual.defined()) output.add_(residual);
  return taps.relu ? output.relu_() : output;
}

}  // namespace sshost::layer::kernel
