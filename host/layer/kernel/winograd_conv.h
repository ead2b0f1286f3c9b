#ifndef SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H
#define SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "layer/kernel/taps.h"

namespace sshost::layer::kernel {

// Winograd's F(m x m, 3 x 3): tiles of m x m pixels from n x n, n = m + 2, by n * n matrix products over the channels
// instead of 9 * m * m. With a dilation d, pixels that are d apart form an image of their own in each direction, a
// convolution without dilation; its tiles are taken out of the map as they lie.
//
// The weights are transformed anew each time, a block of input channels after the other, so that they take no memory
// beside the taps: transforming costs a few percent of the products.

// Whether the taps' channels fit: multiples of 16, and the machine has the micro-kernel.
bool fits_winograd(const Taps& taps);

// Tiles of m x m in a map of that size.
int64_t winograd_tiles(int m, int64_t dilation, int64_t height, int64_t width);

// input [N, C, H, W] float32 of any layout, residual of the output's shape or undefined -> a new tensor [N, K, H, W],
// channels last. m is one of kWinogradSizes.
at::Tensor winograd_conv(int m, const Taps& taps, const at::Tensor& input, const at::Tensor& residual);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_WINOGRAD_CONV_H
