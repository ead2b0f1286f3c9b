#include "model/surprise.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/cross_entropy_loss.h>

namespace sshost::model {

at::Tensor surprise(const LabelledPixels& pixels, double smoothing) {
  return at::cross_entropy_loss(pixels.logits, pixels.targets, {}, at::Reduction::None, kIgnored, smoothing);
}

at::Tensor binary_surprise(const LabelledPixels& pixels, const at::Tensor& positive_weights) {
  const at::Tensor is_class = pixels.targets.eq(1).to(pixels.logits.scalar_type());
  const at::Tensor of_class = positive_weights.defined() ? positive_weights.view({-1, 1, 1}) : positive_weights;
  return at::binary_cross_entropy_with_logits(pixels.logits, is_class, {}, of_class, at::Reduction::None);
}

at::Tensor binary_weight_map(const LabelledPixels& pixels, const at::Tensor& class_weights) {
  const at::Tensor known = pixels.targets.ne(kIgnored).to(pixels.logits.scalar_type());
  return class_weights.defined() ? known * class_weights.view({1, -1, 1, 1}) : known;
}

at::Tensor doubt(const at::Tensor& losses) {
  constexpr double kLeastDoubt = 1e-12;  // a power below 1 has no finite gradient at 0
  return losses.neg().expm1().neg().clamp_min(kLeastDoubt);
}

}  // namespace sshost::model
