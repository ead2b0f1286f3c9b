#ifndef SSHOST_LAYER_KERNEL_POINTWISE_CONV_H
#define SSHOST_LAYER_KERNEL_POINTWISE_CONV_H

#include <ATen/core/Tensor.h>

#include "layer/kernel/panels.h"
#include "state/workspace.h"

namespace sshost::layer::kernel {

// A 1x1 convolution as one matrix product over the pixels: a block of pixels by a panel after the other, so that the
// pixels stay in the second level of cache while the weights pass by. Bias, residual and relu are applied to a block
// before it is written.

// Whether it is one product: one tap, no padding and no groups; and the machine has the micro-kernel.
bool fits_pointwise(const ConvShape& shape);

// As winograd_conv.
at::Tensor pointwise_conv(const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                          state::Workspace& workspace);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_POINTWISE_CONV_H
