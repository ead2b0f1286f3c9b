#ifndef SSHOST_LAYER_KERNEL_INT8_CONV_H
#define SSHOST_LAYER_KERNEL_INT8_CONV_H

#include <ATen/core/Tensor.h>

#include "layer/kernel/conv_problem.h"
#include "state/quantisation.h"

namespace sshost::layer::kernel {

// Weights in 8 bits, symmetric, with one scale for each output channel: weight = scale * value, values from -127 to 127,
// the largest of a channel being one of them.
struct Int8Weight {
  at::Tensor values;  // int8, of the weight's shape
  at::Tensor scales;  // float32 [out]
};

// weight [out, ...] float32.
Int8Weight to_int8(const at::Tensor& weight);
at::Tensor from_int8(const Int8Weight& weight);

// oneDNN's convolution of 8-bit codes with 8-bit weights, as LibTorch has it for its compiler
// (onednn::qconv2d_pointwise): sums are int32, and bias, residual, relu and the next layer's codes follow in the same
// pass. Large dilations lose nothing: it skips what falls into padding.
// Immutable. Threads: any number at a time.
class Int8Conv {
 public:
  // Inputs will be of these codes.
  Int8Conv(const ConvProblem& problem, const state::Codes& input);

  // uint8 [N, in, H, W], channels last -> float32, channels last. Residual: float32 of the output's shape, or undefined.
  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const;

  // The same -> a tensor of codes. Residual: a tensor of codes, whichever, or undefined.
  at::Tensor run(const at::Tensor& input, const at::Tensor& residual, const state::Codes& output) const;

 private:
  struct Target;
  at::Tensor plain(const at::Tensor& input, const Target& target) const;
  at::Tensor added(const at::Tensor& input, const at::Tensor& sum, const state::Codes& of_sum,
                   const Target& target) const;

  ConvShape shape_;
  state::Codes input_;
  at::Tensor packed_;  // in oneDNN's own order
  at::Tensor scales_;
  at::Tensor zero_points_;
  std::optional<at::Tensor> bias_;
  bool relu_;
};

// Whether this LibTorch has it, and the machine multiplies 8-bit numbers exactly (AVX-512 VNNI or AVX-VNNI: older units
// saturate sums of two products).
bool has_int8_conv();

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_INT8_CONV_H
