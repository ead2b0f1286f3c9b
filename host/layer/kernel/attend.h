#ifndef SSHOST_LAYER_KERNEL_ATTEND_H
#define SSHOST_LAYER_KERNEL_ATTEND_H

#include <ATen/core/Tensor.h>

namespace sshost::layer::kernel {

// Attention, softmax(scale * query . key) . value, a few queries at a time: their weights over all keys stay in the
// second level of cache, and the map of weights, 64 MB for one of 64 x 64 pixels, is never there. (The idea is that of
// Rabe and Staats, "Self-attention does not need O(n^2) memory", 2021, without their running sums: a block's weights fit.)

// Whether these are float32 on the CPU, and the machine has the micro-kernel.
bool fits_attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value);

// query [N, L, C], key [N, C, S], value [N, S, D], of any layout, scale above 0 -> a new tensor [N, L, D], contiguous.
at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double scale);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_ATTEND_H
