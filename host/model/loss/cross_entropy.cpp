#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cross_entropy_loss.h>

#include <algorithm>
#include <optional>

#include "model/loss_type.h"
#include "model/surprise.h"

namespace sshost::model {
namespace {

// Online hard example mining: only pixels of which the model is unsure count.
struct HardPixelsOptions {
  double threshold = 0.7;           // on the probability of a pixel's own class
  std::int64_t min_kept = 100'000;  // for each image
};

struct CrossEntropyOptions : LossOptions {
  std::optional<HardPixelsOptions> hard_pixels;
};

const config::Section<CrossEntropyOptions>& section() {
  static const config::Section<HardPixelsOptions> hard_pixels(
      {{config::key("threshold", "on the probability of a pixel's own class").between(0, 1),
        &HardPixelsOptions::threshold},
       {config::key("min_kept", "pixels that count at least, for each image").at_least(1),
        &HardPixelsOptions::min_kept}});
  static const config::Section<CrossEntropyOptions> section(
      {weight_key<CrossEntropyOptions>(),
       {config::key("hard_pixels",
                    "OHEM: only pixels below the threshold count, and the hardest where they are too few"),
        &CrossEntropyOptions::hard_pixels, hard_pixels},
       class_weights_key<CrossEntropyOptions>(kWeighedPixels)});
  return section;
}

at::Tensor sum(const LabelledPixels& pixels, const at::Tensor& class_weights) {
  return at::cross_entropy_loss(pixels.logits, pixels.targets, class_weights, at::Reduction::Sum, kIgnored);
}

// `targets` without the pixels of which the model is sure.
at::Tensor hard_targets(const LabelledPixels& pixels, const HardPixelsOptions& options) {
  const at::NoGradGuard no_gradient;
  const at::Tensor& targets = pixels.targets;
  const at::Tensor losses = surprise(pixels);
  const at::Tensor valid = targets.ne(kIgnored);
  const at::Tensor sorted = std::get<0>(losses.masked_select(valid).neg().exp().sort());
  if (sorted.numel() == 0) return targets;
  const int64_t kept = std::min(options.min_kept * targets.size(0), sorted.numel() - 1);
  const double threshold = std::max(options.threshold, sorted[kept].item<double>());
  return targets.masked_fill(losses.neg().exp().ge(threshold), kIgnored);
}

LossFunction make(const ss_options_object& map, bool) {
  const CrossEntropyOptions options = section().read(map);
  if (!options.hard_pixels) return {sum, /*is_sum_over_pixels=*/true};
  return {[hard_pixels = *options.hard_pixels](const LabelledPixels& pixels, const at::Tensor& class_weights) {
    const LabelledPixels hard = {pixels.logits, hard_targets(pixels, hard_pixels)};
    return sum(hard, class_weights) / or_one(total_weight(hard.targets, class_weights));
  }};
}

}  // namespace

// -log p_y, where p is the softmax of a pixel's logits and y its class. With weights of classes it is the weighted mean,
// divided by the sum of the pixels' weights, as in PyTorch.
// Of hard pixels (Shrivastava et al., "Training Region-based Object Detectors with Online Hard Example Mining", CVPR
// 2016) only those count whose own class has a probability below `threshold`, or below that of the N x min_kept-th
// hardest pixel where that is more.
const LossType& cross_entropy_loss() {
  static const LossType type{{.name = "cross_entropy",
                              .text = "-log p of a pixel's own class; mean over the valid pixels",
                              .schema = section().schema(),
                              .of_independent = false},
                             make};
  return type;
}

}  // namespace sshost::model
