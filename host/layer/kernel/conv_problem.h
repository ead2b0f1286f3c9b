#ifndef SSHOST_LAYER_KERNEL_CONV_PROBLEM_H
#define SSHOST_LAYER_KERNEL_CONV_PROBLEM_H

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>

namespace sshost::layer::kernel {

// The geometry of a convolution.
struct ConvShape {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  std::array<int64_t, 2> kernel{1, 1};
  std::array<int64_t, 2> stride{1, 1};
  std::array<int64_t, 2> padding{0, 0};
  std::array<int64_t, 2> dilation{1, 1};
  int64_t groups = 1;

  // Whether it is a 3x3 convolution of stride 1 with the same distance between its taps as around its map, so that the
  // output has the input's size.
  bool is_same_3x3() const {
    return groups == 1 && kernel[0] == 3 && kernel[1] == 3 && stride[0] == 1 && stride[1] == 1 &&
           dilation[0] == dilation[1] && padding == dilation;
  }
};

// A convolution for inference, with its norm folded in: output = act(conv(input, weight) + bias + residual).
struct ConvProblem {
  ConvShape shape;
  at::Tensor weight;  // float32 [out, in / groups, kh, kw] on the CPU
  at::Tensor bias;    // float32 [out]; undefined for none
  bool relu = false;
};

// An algorithm with what it has made of the weights. Immutable.
// Threads: any number at a time.
class ConvKernel {
 public:
  virtual ~ConvKernel() = default;

  // A value that is not a number stays one, through the activation too: whoever evaluates looks for them.
  // input [N, in, H, W] on the CPU, of any layout; residual of the output's shape, or undefined: float32 or bfloat16.
  // Returns a new tensor, channels last, of the kernel's own type.
  virtual at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const = 0;
};

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_CONV_PROBLEM_H
