#ifndef SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H
#define SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "layer/kernel/panels.h"
#include "state/workspace.h"

namespace sshost::layer::kernel {

// Winograd's F(m x m, 3 x 3): tiles of m x m pixels from n x n, n = m + 2, by n * n matrix products over the channels
// instead of 9 * m * m. With a dilation d, pixels that are d apart form an image of their own in each direction, a
// convolution without dilation; its tiles are taken out of the map as they lie.
//
// Tiles go through in blocks, for each of which input channels are taken in parts: first the part's pixels are
// transformed, then, panel after panel of output channels, its weights, a row of points at a time, and multiplied with
// all tiles of the block while they are in the second level of cache. So weights take no memory beside the panels;
// transforming them for each block costs a few percent of the products.

// Whether the channels fit: multiples of 16.
bool fits_winograd(const ConvShape& shape);

// Tiles of m x m in a map of that size.
int64_t winograd_tiles(int m, int64_t dilation, int64_t height, int64_t width);

// input [N, C, H, W] float32 of any layout, residual of the output's shape or undefined -> a tensor of the
// workspace [N, K, H, W], channels last. m is one of kWinogradSizes.
at::Tensor winograd_conv(int m, const Panels& panels, const at::Tensor& input, const at::Tensor& residual,
                         state::Workspace& workspace);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H
