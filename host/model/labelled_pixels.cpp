#include "model/labelled_pixels.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/where.h>

namespace sshost::model {
namespace {

at::Tensor at_least_float(const at::Tensor& logits) {
  const bool reduced = logits.scalar_type() == at::kBFloat16 || logits.scalar_type() == at::kHalf;
  return reduced ? logits.to(at::kFloat) : logits;
}

}  // namespace

at::Tensor targets_of(const at::Tensor& labels, int64_t classes) {
  const at::Tensor valid = labels.ge(0).logical_and_(labels.lt(classes));
  return labels.masked_fill(valid.logical_not(), kIgnored);
}

LabelledPixels label_pixels(const at::Tensor& logits, const at::Tensor& labels) {
  return label_pixels(logits, labels, Outputs(logits.size(1)));
}

LabelledPixels label_pixels(const at::Tensor& logits, const at::Tensor& labels, const Outputs& outputs) {
  const int64_t height = labels.size(1);
  const int64_t width = labels.size(2);
  const at::Tensor wide = at_least_float(logits);
  const bool same_size = logits.size(2) == height && logits.size(3) == width;
  return {same_size ? wide : at::upsample_bilinear2d(wide, {height, width}, false), outputs.targets(labels)};
}

LabelledPixels valid_pixels(const LabelledPixels& pixels) {
  const at::Tensor targets = pixels.targets.flatten();
  const at::Tensor chosen = targets.ne(kIgnored).nonzero().squeeze(1);
  const at::Tensor rows = pixels.logits.permute({0, 2, 3, 1}).reshape({targets.size(0), pixels.logits.size(1)});
  return {rows.index_select(0, chosen), targets.index_select(0, chosen)};
}

at::Tensor weight_map(const LabelledPixels& pixels, const at::Tensor& class_weights) {
  const at::Tensor valid = pixels.targets.ne(kIgnored).to(pixels.logits.scalar_type());
  if (!class_weights.defined()) return valid;
  const at::Tensor own = class_weights.index_select(0, pixels.targets.clamp_min(0).flatten());
  return valid * own.view_as(valid);
}

at::Tensor total_weight(const at::Tensor& targets, const at::Tensor& class_weights) {
  const at::Tensor counted = targets.ne(kIgnored);
  if (!class_weights.defined()) return counted.sum();
  if (targets.dim() == 4) return class_weights.dot(counted.sum(at::IntArrayRef{0, 2, 3}).to(class_weights.dtype()));
  return class_weights.index_select(0, targets.masked_select(counted)).sum();
}

at::Tensor or_one(const at::Tensor& divisor) { return at::where(divisor.gt(0), divisor, at::ones_like(divisor)); }

}  // namespace sshost::model
