#include "model/output_losses.h"

#include <ATen/ATen.h>

#include "model/pixel_losses.h"

namespace sshost::model {
namespace {

at::Tensor is_class(const LabelledPixels& pixels) { return pixels.targets.eq(1).to(pixels.logits.scalar_type()); }

// What a pixel counts for a class: its weight, or 0 where it is ignored.
at::Tensor weights_of(const LabelledPixels& pixels, const at::Tensor& class_weights) {
  const at::Tensor known = pixels.targets.ne(kIgnored).to(pixels.logits.scalar_type());
  return class_weights.defined() ? known * class_weights.view({1, -1, 1, 1}) : known;
}

// -log of the probability of what is right, [N, K, H, W].
at::Tensor surprise(const LabelledPixels& pixels, const at::Tensor& positive_weights) {
  const at::Tensor of_class = positive_weights.defined() ? positive_weights.view({-1, 1, 1}) : positive_weights;
  return at::binary_cross_entropy_with_logits(pixels.logits, is_class(pixels), {}, of_class, at::Reduction::None);
}

// Rows of pixels, [pixels, K], in which what is ignored is 0.
Regions regions_of(const LabelledPixels& pixels) {
  const auto rows = [](const at::Tensor& map) { return map.permute({0, 2, 3, 1}).flatten(0, 2); };
  const at::Tensor known = pixels.targets.ne(kIgnored).to(pixels.logits.scalar_type());
  return {rows(pixels.logits.sigmoid() * known), rows(is_class(pixels))};
}

}  // namespace

at::Tensor binary_cross_entropy_sum(const LabelledPixels& pixels, const at::Tensor& class_weights,
                                    const at::Tensor& positive_weights) {
  return (weights_of(pixels, class_weights) * surprise(pixels, positive_weights)).sum();
}

at::Tensor binary_focal_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double gamma) {
  const at::Tensor losses = surprise(pixels, {});
  return (weights_of(pixels, class_weights) * doubt(losses).pow(gamma) * losses).sum();
}

at::Tensor independent_dice(const LabelledPixels& pixels, const at::Tensor& class_weights, double smooth) {
  return dice(regions_of(pixels), class_weights, smooth);
}

at::Tensor independent_tversky(const LabelledPixels& pixels, const at::Tensor& class_weights,
                               const TverskyOptions& options) {
  return tversky(regions_of(pixels), class_weights, options);
}

}  // namespace sshost::model
