#include "infer/scores.h"

#include <ATen/Parallel.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <utility>

#include "infer/likeliest_class.h"

namespace sshost::infer {

Scores::Scores(at::Tensor scores) : map_(std::move(scores)), size_{map_.size(2), map_.size(3)} {}

Scores::Scores(at::Tensor map, ImageSize size) : map_(std::move(map)), size_(size) {}

const at::Tensor& Scores::tensor() const {
  if (has_size()) return map_;
  if (!resized_.defined()) {
    resized_ = at::upsample_bilinear2d(map_, {size_.height, size_.width}, /*align_corners=*/false);
  }
  return resized_;
}

at::Tensor Scores::likeliest() const {
  const bool is_fused = !has_size() && !resized_.defined() && map_.is_cpu() && map_.scalar_type() == at::kFloat;
  if (!is_fused) return tensor().argmax(1).squeeze(0);
  const at::Tensor pixels = map_.contiguous(at::MemoryFormat::ChannelsLast);
  const ScoreMap map{pixels.const_data_ptr<float>(), map_.size(2), map_.size(3), map_.size(1)};
  at::Tensor classes = at::empty({size_.height, size_.width}, at::kLong);
  auto* first = classes.mutable_data_ptr<int64_t>();
  at::parallel_for(0, size_.height, 1, [&](int64_t begin, int64_t end) {
    find_likeliest_classes(map, {size_.height, size_.width, begin, end}, first + begin * size_.width);
  });
  return classes;
}

}  // namespace sshost::infer
