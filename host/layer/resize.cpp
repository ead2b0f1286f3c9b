#include "layer/resize.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

namespace sshost::layer {

at::Tensor resize_map(const at::Tensor& map, int64_t height, int64_t width, ss_resize_kind kind) {
  if (map.size(2) == height && map.size(3) == width) return map;
  if (kind == SS_RESIZE_NEAREST) return at::upsample_nearest2d(map, {height, width});
  return at::upsample_bilinear2d(map, {height, width}, kind == SS_RESIZE_BILINEAR_ALIGN_CORNERS);
}

}  // namespace sshost::layer
