#include "model/region_losses.h"

#include <ATen/ATen.h>

#include <vector>

namespace sshost::model {
namespace {

// A loss of 0 that has a gradient, 0.
at::Tensor nothing(const LabelledPixels& pixels) { return pixels.logits.sum() * 0; }

// The mean of one value for each class; the weights' sum may be 0.
at::Tensor mean_over_classes(const at::Tensor& values, const at::Tensor& weights) {
  return (values * weights).sum() / or_one(weights.sum());
}

at::Tensor weights_or_ones(const at::Tensor& class_weights, const at::Tensor& like) {
  return class_weights.defined() ? class_weights : at::ones({like.size(1)}, like.options().requires_grad(false));
}

// Of pixels in a list.
Regions regions_of(const LabelledPixels& valid) {
  const at::Tensor probabilities = valid.logits.softmax(1);
  return {probabilities, at::one_hot(valid.targets, probabilities.size(1)).to(probabilities.scalar_type())};
}

// The gradient of the Jaccard loss' Lovasz extension (algorithm 1 of the paper): for pixels in the order of falling
// errors, by how much the loss rises with each further pixel that is wrong. `is_class` is 1 in the class' pixels.
at::Tensor jaccard_steps(const at::Tensor& is_class) {
  const at::Tensor found = is_class.cumsum(0);
  const at::Tensor all = is_class.sum();
  const at::Tensor missed = (1 - is_class).cumsum(0);
  const at::Tensor jaccard = 1 - (all - found) / (all + missed);
  return at::cat({jaccard.narrow(0, 0, 1), jaccard.diff()});
}

// Of pixels in a list, of which there is one at least.
at::Tensor lovasz_of(const LabelledPixels& valid, const at::Tensor& class_weights) {
  const at::Tensor probabilities = valid.logits.softmax(1);
  const at::Tensor weights = weights_or_ones(class_weights, valid.logits);
  const at::Tensor present = std::get<0>(at::_unique(valid.targets));
  std::vector<at::Tensor> losses;
  for (int64_t i = 0; i < present.size(0); ++i) {  // one class at a time: a list of errors for all needs much memory
    const at::Tensor own = valid.targets.eq(present[i]).to(probabilities.scalar_type());
    const at::Tensor errors = (own - probabilities.index_select(1, present[i].view({1})).squeeze(1)).abs();
    const auto [sorted, order] = errors.sort(/*dim=*/0, /*descending=*/true);
    losses.push_back(sorted.dot(jaccard_steps(own.index_select(0, order))));
  }
  return mean_over_classes(at::stack(losses), weights.index_select(0, present));
}

}  // namespace

at::Tensor dice(const Regions& regions, const at::Tensor& class_weights, double smooth) {
  const auto& [probabilities, own] = regions;
  const at::Tensor common = (probabilities * own).sum(0);
  const at::Tensor coefficients = (2 * common + smooth) / (probabilities.square().sum(0) + own.sum(0) + smooth);
  return mean_over_classes(1 - coefficients, weights_or_ones(class_weights, probabilities));
}

at::Tensor tversky(const Regions& regions, const at::Tensor& class_weights, const TverskyOptions& options) {
  const at::Tensor hits = (regions.probabilities * regions.own).sum(0);
  const at::Tensor wrong = options.false_positives * (regions.probabilities.sum(0) - hits) +
                           options.false_negatives * (regions.own.sum(0) - hits);
  const at::Tensor index = (hits + options.smooth) / (hits + wrong + options.smooth);
  return mean_over_classes(1 - index, weights_or_ones(class_weights, regions.probabilities));
}

at::Tensor dice(const LabelledPixels& pixels, const at::Tensor& class_weights, double smooth) {
  const LabelledPixels valid = valid_pixels(pixels);
  return valid.targets.numel() == 0 ? nothing(pixels) : dice(regions_of(valid), class_weights, smooth);
}

at::Tensor tversky(const LabelledPixels& pixels, const at::Tensor& class_weights, const TverskyOptions& options) {
  const LabelledPixels valid = valid_pixels(pixels);
  return valid.targets.numel() == 0 ? nothing(pixels) : tversky(regions_of(valid), class_weights, options);
}

at::Tensor lovasz(const LabelledPixels& pixels, const at::Tensor& class_weights, bool per_image) {
  std::vector<at::Tensor> losses;
  const auto add = [&](const LabelledPixels& part) {
    const LabelledPixels valid = valid_pixels(part);
    if (valid.targets.numel() > 0) losses.push_back(lovasz_of(valid, class_weights));
  };
  if (per_image) {
    for (int64_t n = 0; n < pixels.targets.size(0); ++n) {
      add({pixels.logits.narrow(0, n, 1), pixels.targets.narrow(0, n, 1)});
    }
  } else {
    add(pixels);
  }
  return losses.empty() ? nothing(pixels) : at::stack(losses).mean();
}

}  // namespace sshost::model
