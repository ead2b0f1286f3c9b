#ifndef SSHOST_LAYER_KERNEL_COARSE_INPUT_H
#define SSHOST_LAYER_KERNEL_COARSE_INPUT_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/layers.h>

#include <cstdint>
#include <memory>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

// What an input contributes to a convolution that first resizes it to the size of the output: a pooled map, a coarser
// level of a pyramid. Resizing and convolving are linear, so it is multiplied with each tap at its own size, and what
// that gives is resized, moved by the tap and added: hardly any products are left where the input is a few cells.
class CoarseInput {
 public:
  // `weight` [out, in, kh, kw]: the part of the convolution's weight for this input.
  CoarseInput(const ConvShape& shape, const at::Tensor& weight);

  // Adds the contribution of input [N, in, h, w] to sum [N, out, H, W].
  void add(const at::Tensor& input, ss_resize_kind resize, at::Tensor& sum) const;

 private:
  ConvShape shape_;
  at::Tensor taps_;  // [kh * kw * out, in]
};

// Whether that holds of a convolution: its output has the input's size, and one group.
bool fits_coarse_inputs(const ConvShape& shape);

// Whether it pays for an input of h x w where the output has H x W.
bool is_coarse(const at::Tensor& input, int64_t height, int64_t width);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_COARSE_INPUT_H
