#ifndef SSHOST_LAYER_KERNEL_VENDOR_CONV_H
#define SSHOST_LAYER_KERNEL_VENDOR_CONV_H

#include <memory>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

// oneDNN's convolution as LibTorch has it for its compiler (mkldnn::_convolution_pointwise): weights reordered once,
// bias and residual in the same pass. It fits every convolution. `type` is what it computes with, takes and gives:
// float32, or bfloat16 with sums in float32.
std::shared_ptr<const ConvKernel> make_vendor_conv(const ConvProblem& problem, at::ScalarType type = at::kFloat);

// Whether this LibTorch has it.
bool has_vendor_conv();

// Whether it has it in bfloat16 on this machine (AVX-512), and whether the machine multiplies such numbers (AVX512_BF16,
// which machines with AMX have too): else it is slower than float32.
bool has_bfloat16_conv();
bool has_bfloat16_unit();

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_VENDOR_CONV_H
