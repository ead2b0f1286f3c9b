#ifndef SSHOST_LAYER_KERNEL_SHIFTED_CONV_H
#define SSHOST_LAYER_KERNEL_SHIFTED_CONV_H

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "layer/kernel/panels.h"
#include "state/workspace.h"

namespace sshost::layer::kernel {

// A 3x3 convolution as nine matrix products over shifted rectangles of the map: what a tap would multiply with the zeros
// around the map is left out. At 64 x 64 and a dilation of 36 that is three fifths of the work.

// Products that are left, as a part of nine for each pixel: in (0, 9].
double shifted_products(int64_t dilation, int64_t height, int64_t width);

// As winograd_conv.
at::Tensor shifted_conv(const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                        state::Workspace& workspace);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_SHIFTED_CONV_H
