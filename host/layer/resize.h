#ifndef SSHOST_LAYER_RESIZE_H
#define SSHOST_LAYER_RESIZE_H

#include <ATen/core/Tensor.h>
#include <sshost/abi/layers.h>

namespace sshost::layer {

// A map [N, C, H, W] at another height and width; itself where it has that size. `kind` is not SS_RESIZE_NONE.
at::Tensor resize_map(const at::Tensor& map, int64_t height, int64_t width, ss_resize_kind kind);

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_RESIZE_H
