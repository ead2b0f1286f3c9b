#include "model/losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "error.h"

namespace sshost::model {
namespace {

using LossFunction = at::Tensor (*)(const at::Tensor& logits, const at::Tensor& labels);
struct NamedLoss {
  std::string_view name;
  LossFunction compute;
};
constexpr NamedLoss kLosses[] = {{"cross_entropy", [](const at::Tensor& logits, const at::Tensor& labels) {
                                    return cross_entropy(logits, labels);
                                  }}};
constexpr int64_t kIgnored = -100;

const NamedLoss* find_loss(std::string_view name) {
  const std::string_view wanted = name.empty() ? kLosses[0].name : name;
  const auto* found = std::find_if(std::begin(kLosses), std::end(kLosses),
                                   [wanted](const NamedLoss& loss) { return loss.name == wanted; });
  return found == std::end(kLosses) ? nullptr : found;
}

// `targets` without the pixels of which the model is sure.
at::Tensor hard_targets(const at::Tensor& logits, const at::Tensor& targets, const config::HardPixelsConfig& config) {
  const at::NoGradGuard no_gradient;
  const at::Tensor losses = at::cross_entropy_loss(logits, targets, {}, at::Reduction::None, kIgnored);
  const at::Tensor valid = targets.ne(kIgnored);
  const at::Tensor sorted = std::get<0>(losses.masked_select(valid).neg().exp().sort());
  if (sorted.numel() == 0) return targets;
  const int64_t kept = std::min(config.min_kept * targets.size(0), sorted.numel() - 1);
  const double threshold = std::max(config.threshold, sorted[kept].item<double>());
  return targets.masked_fill(losses.neg().exp().ge(threshold), kIgnored);
}

// What a sum over the pixels is divided by for their mean.
at::Tensor total_weight(const at::Tensor& targets, const at::Tensor& class_weights) {
  const at::Tensor counted = targets.ne(kIgnored);
  if (!class_weights.defined()) return counted.sum().clamp_min(1);
  const at::Tensor total = class_weights.index_select(0, targets.masked_select(counted)).sum();
  return at::where(total.gt(0), total, at::ones_like(total));
}

}  // namespace

at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels, const PixelWeights& weights) {
  const int64_t height = labels.size(1);
  const int64_t width = labels.size(2);
  const bool same_size = logits.size(2) == height && logits.size(3) == width;
  const at::Tensor resized = same_size ? logits : at::upsample_bilinear2d(logits, {height, width}, false);
  const at::Tensor valid = labels.ge(0).logical_and_(labels.lt(logits.size(1)));
  at::Tensor targets = labels.masked_fill(valid.logical_not(), kIgnored);
  if (weights.hard_pixels) targets = hard_targets(resized, targets, *weights.hard_pixels);
  at::Tensor of_classes = weights.of_classes;
  if (of_classes.defined()) of_classes = of_classes.to(resized.device(), resized.scalar_type());
  const at::Tensor sum = at::cross_entropy_loss(resized, targets, of_classes, at::Reduction::Sum, kIgnored);
  return sum / total_weight(targets, of_classes);
}

Loss::Loss(const config::LossConfig& config, int64_t classes, const std::string& key)
    : pixels_{{}, config.hard_pixels}, weight_(config.weight) {
  if (!is_loss(config.type)) {
    throw UsageError(key + ".type: unknown loss \"" + config.type +
                     "\"; there are: " + c10::str(c10::Join(", ", loss_names())));
  }
  if (config.class_weights.empty()) return;
  const auto count = static_cast<int64_t>(config.class_weights.size());
  if (count != classes) {
    throw UsageError(key + ".class_weights: expected " + std::to_string(classes) +
                     " weights, one for each class; found " + std::to_string(count));
  }
  pixels_.of_classes = at::tensor(config.class_weights, at::kDouble);
}

at::Tensor Loss::operator()(const at::Tensor& logits, const at::Tensor& labels) const {
  return cross_entropy(logits, labels, pixels_) * weight_;
}

bool is_loss(std::string_view name) { return find_loss(name) != nullptr; }

std::vector<std::string_view> loss_names() {
  std::vector<std::string_view> names;
  for (const NamedLoss& loss : kLosses) names.push_back(loss.name);
  return names;
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels) {
  const NamedLoss* loss = find_loss(name);
  if (loss == nullptr) throw Error("unknown loss \"" + std::string(name) + "\"");
  return loss->compute(logits, labels);
}

}  // namespace sshost::model
