#include "model/regions.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/ones.h>

#include <utility>

namespace sshost::model {
namespace {

// Of pixels in a list.
Regions regions_of(const LabelledPixels& valid) {
  const at::Tensor probabilities = valid.logits.softmax(1);
  return {probabilities, at::one_hot(valid.targets, probabilities.size(1)).to(probabilities.scalar_type())};
}

Regions independent_regions_of(const LabelledPixels& pixels) {
  const auto rows = [](const at::Tensor& map) { return map.permute({0, 2, 3, 1}).flatten(0, 2); };
  const at::Tensor known = pixels.targets.ne(kIgnored).to(pixels.logits.scalar_type());
  return {rows(pixels.logits.sigmoid() * known), rows(pixels.targets.eq(1).to(pixels.logits.scalar_type()))};
}

at::Tensor compute(const RegionLoss& loss, const Regions& regions, const at::Tensor& class_weights) {
  return loss(regions, weights_or_ones(class_weights, regions.probabilities));
}

}  // namespace

LossFunction over_regions(RegionLoss loss, bool independent) {
  if (independent) {
    return {[loss = std::move(loss)](const LabelledPixels& pixels, const at::Tensor& class_weights) {
      return compute(loss, independent_regions_of(pixels), class_weights);
    }};
  }
  return {[loss = std::move(loss)](const LabelledPixels& pixels, const at::Tensor& class_weights) {
    const LabelledPixels valid = valid_pixels(pixels);
    return valid.targets.numel() == 0 ? zero_loss(pixels) : compute(loss, regions_of(valid), class_weights);
  }};
}

at::Tensor mean_over_classes(const at::Tensor& values, const at::Tensor& class_weights) {
  return (values * class_weights).sum() / or_one(class_weights.sum());
}

at::Tensor weights_or_ones(const at::Tensor& class_weights, const at::Tensor& like) {
  return class_weights.defined() ? class_weights : at::ones({like.size(1)}, like.options().requires_grad(false));
}

at::Tensor zero_loss(const LabelledPixels& pixels) { return pixels.logits.sum() * 0; }

}  // namespace sshost::model
