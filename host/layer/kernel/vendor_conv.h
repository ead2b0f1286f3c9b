#ifndef SSHOST_LAYER_KERNEL_VENDOR_CONV_H
#define SSHOST_LAYER_KERNEL_VENDOR_CONV_H

#include <memory>

#include "layer/kernel/conv_problem.h"

namespace sshost::layer::kernel {

// oneDNN's convolution as LibTorch has it for its compiler (mkldnn::_convolution_pointwise): weights reordered once,
// bias and residual in the same pass. It fits every convolution.
std::shared_ptr<const ConvKernel> make_vendor_conv(const ConvProblem& problem);

// Whether this LibTorch has it.
bool has_vendor_conv();

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_VENDOR_CONV_H
