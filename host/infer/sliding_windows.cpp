#include "infer/sliding_windows.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/outer.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace sshost::infer {
namespace {

std::vector<int64_t> starts_over(int64_t size, int64_t crop, int64_t stride) {
  const int64_t count = std::max<int64_t>(size - crop + stride - 1, 0) / stride + 1;
  std::vector<int64_t> starts;
  for (int64_t i = 0; i < count; ++i) starts.push_back(std::max<int64_t>(std::min(i * stride, size - crop), 0));
  return starts;
}

std::vector<double> inverse_coverage(int64_t size, int64_t crop, const std::vector<int64_t>& starts) {
  std::vector<double> coverage(static_cast<size_t>(size), 0);
  for (const int64_t start : starts) {
    for (int64_t i = start; i < start + crop; ++i) coverage[static_cast<size_t>(i)] += 1;
  }
  for (double& value : coverage) value = 1 / value;
  return coverage;
}

at::Tensor part(const std::vector<double>& values, int64_t start, int64_t length, const at::TensorOptions& options) {
  return at::tensor(at::ArrayRef<double>(values).slice(static_cast<size_t>(start), static_cast<size_t>(length)),
                    at::kDouble)
      .to(options);
}

}  // namespace

SlidingWindows::SlidingWindows(int64_t height, int64_t width, const config::SlideConfig& config)
    : height_(std::min(height, config.crop_size[0])), width_(std::min(width, config.crop_size[1])) {
  const std::vector<int64_t> tops = starts_over(height, height_, config.stride[0]);
  const std::vector<int64_t> lefts = starts_over(width, width_, config.stride[1]);
  for (const int64_t top : tops) {
    for (const int64_t left : lefts) windows_.push_back({top, left});
  }
  rows_ = inverse_coverage(height, height_, tops);
  columns_ = inverse_coverage(width, width_, lefts);
}

at::Tensor SlidingWindows::weight(const Window& window, const at::TensorOptions& options) const {
  return at::outer(part(rows_, window.top, height_, options), part(columns_, window.left, width_, options));
}

}  // namespace sshost::infer
