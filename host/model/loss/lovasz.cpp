#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/_unique.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

#include <vector>

#include "model/loss_type.h"
#include "model/regions.h"

namespace sshost::model {
namespace {

struct LovaszOptions : LossOptions {
  bool per_image = false;
};

const config::Section<LovaszOptions>& section() {
  static const config::Section<LovaszOptions> section(
      {weight_key<LovaszOptions>(),
       {config::key("per_image", "of each image by itself; else of the batch as one"), &LovaszOptions::per_image},
       class_weights_key<LovaszOptions>(kWeighedClasses)});
  return section;
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
at::Tensor loss_of(const LabelledPixels& valid, const at::Tensor& class_weights) {
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

at::Tensor compute(const LabelledPixels& pixels, const at::Tensor& class_weights, bool per_image) {
  std::vector<at::Tensor> losses;
  const auto add = [&](const LabelledPixels& part) {
    const LabelledPixels valid = valid_pixels(part);
    if (valid.targets.numel() > 0) losses.push_back(loss_of(valid, class_weights));
  };
  if (per_image) {
    for (int64_t n = 0; n < pixels.targets.size(0); ++n) {
      add({pixels.logits.narrow(0, n, 1), pixels.targets.narrow(0, n, 1)});
    }
  } else {
    add(pixels);
  }
  return losses.empty() ? zero_loss(pixels) : at::stack(losses).mean();
}

LossFunction make(const ss_options_object& map, bool) {
  return {[per_image = section().read(map).per_image](const LabelledPixels& pixels, const at::Tensor& class_weights) {
    return compute(pixels, class_weights, per_image);
  }};
}

}  // namespace

// Lovasz-softmax: the mean, over the classes that the labels hold, of the Lovasz extension of the Jaccard loss at the
// errors |y_c - p_c|. (Berman et al., "The Lovasz-Softmax loss", CVPR 2018, equations 8, 9 and 11.) Over all pixels of
// the batch, or the mean of what it is for each image that has labels.
const LossType& lovasz_loss() {
  static const LossType type{
      {.name = "lovasz",
       .text = "Lovasz-softmax, a smooth extension of 1 - IoU; mean over the classes that the labels hold",
       .schema = section().schema(),
       .of_independent = false},
      make};
  return type;
}

}  // namespace sshost::model
