#ifndef SSHOST_LAYER_KERNEL_PANELS_H
#define SSHOST_LAYER_KERNEL_PANELS_H

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cstdint>
#include <memory>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

inline constexpr int64_t kPanelWidth = 64;

// The weights of a convolution as matrices, for the algorithms that are made of matrix products. Output channels stand
// in panels of kPanelWidth (the last may have fewer), so that what a product reads lies together in memory.
struct Panels {
  at::Tensor weight;  // float32: for each panel, for each tap (row by row), [in][width(panel)]
  at::Tensor bias;    // float32 [out]
  int64_t taps = 1;
  int64_t in = 0;
  int64_t out = 0;
  int64_t stride = 1;
  int64_t dilation = 1;
  bool relu = false;

  int64_t count() const { return (out + kPanelWidth - 1) / kPanelWidth; }
  int64_t first(int64_t panel) const { return panel * kPanelWidth; }
  int64_t width(int64_t panel) const { return std::min(kPanelWidth, out - first(panel)); }

  // [in][width(panel)]
  const float* matrix(int64_t panel, int64_t tap) const {
    return weight.const_data_ptr<float>() + (first(panel) * taps + tap * width(panel)) * in;
  }
};

// Of a problem without groups whose strides, and whose dilations, are the same in both directions.
std::shared_ptr<const Panels> make_panels(const ConvProblem& problem);

// Whether this machine has the micro-kernel for float32 (at::native::cpublas::brgemm).
bool has_micro_kernel();

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_PANELS_H
