#ifndef SSHOST_LAYER_KERNEL_TAPS_H
#define SSHOST_LAYER_KERNEL_TAPS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

// The weights of a 3x3 convolution as nine matrices, for the algorithms that are made of matrix products.
struct Taps {
  at::Tensor weight;  // float32 [9, in, out], contiguous; tap 3 * row + column
  at::Tensor bias;    // float32 [out]
  int64_t dilation = 1;
  bool relu = false;

  int64_t in() const { return weight.size(1); }
  int64_t out() const { return weight.size(2); }
};

// Of a problem whose shape is_same_3x3().
std::shared_ptr<const Taps> make_taps(const ConvProblem& problem);

// Whether this machine has the micro-kernel for float32 (at::native::cpublas::brgemm).
bool has_micro_kernel();

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_TAPS_H
