#include "model/losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "config/value_error.h"
#include "model/pixel_losses.h"
#include "model/region_losses.h"

namespace sshost::model {
namespace {

// A loss before it is divided. `class_weights` are in the logits' dtype and on their device, or undefined.
struct LossType {
  std::string_view name;
  bool is_sum_over_pixels;
  at::Tensor (*compute)(const LabelledPixels& pixels, const at::Tensor& class_weights,
                        const config::LossConfig& config);
};

constexpr LossType kLosses[] = {
    {"cross_entropy", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig&) {
       return cross_entropy_sum(pixels, weights);
     }},
    {"focal", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return focal_sum(pixels, weights, config.gamma);
     }},
    {"kl", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return kl_sum(pixels, weights, config.smoothing);
     }},
    {"dice", false,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return dice(pixels, weights, config.smooth);
     }},
    {"lovasz", false,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return lovasz(pixels, weights, config.per_image);
     }},
};

const LossType* find_loss(std::string_view name) {
  const std::string_view wanted = name.empty() ? kLosses[0].name : name;
  const auto* found = std::find_if(std::begin(kLosses), std::end(kLosses),
                                   [wanted](const LossType& loss) { return loss.name == wanted; });
  return found == std::end(kLosses) ? nullptr : found;
}

at::Tensor hard_cross_entropy(const LabelledPixels& pixels, const at::Tensor& class_weights,
                              const config::HardPixelsConfig& config) {
  const LabelledPixels hard = {pixels.logits, hard_targets(pixels, config)};
  return cross_entropy_sum(hard, class_weights) / or_one(total_weight(hard.targets, class_weights));
}

}  // namespace

Loss::Loss(const config::LossConfig& config, int64_t classes) : config_(config), classes_(classes) {
  if (!is_loss(config.type)) {
    throw config::ValueError(config.key_path + ".type", "unknown loss \"" + config.type + "\"; there are: " +
                                                            c10::str(c10::Join(", ", loss_names())));
  }
  if (config.class_weights.empty()) return;
  const auto count = static_cast<int64_t>(config.class_weights.size());
  if (count != classes) {
    throw config::ValueError(
        config.key_path + ".class_weights",
        "expected " + std::to_string(classes) + " weights, one for each class; found " + std::to_string(count));
  }
  class_weights_ = at::tensor(config.class_weights, at::kDouble);
}

bool Loss::is_sum_over_pixels() const { return find_loss(config_.type)->is_sum_over_pixels && !config_.hard_pixels; }

at::Tensor Loss::divisor(const at::Tensor& labels) const {
  if (!is_sum_over_pixels()) return at::ones({}, labels.options().dtype(at::kDouble));
  const at::Tensor weights = class_weights_.defined() ? class_weights_.to(labels.device()) : class_weights_;
  return total_weight(targets_of(labels, classes_), weights).to(at::kDouble);
}

at::Tensor Loss::operator()(const LabelledPixels& pixels, const at::Tensor& divisor) const {
  const at::TensorOptions options = pixels.logits.options().requires_grad(false);
  const at::Tensor weights = class_weights_.defined() ? class_weights_.to(options) : class_weights_;
  const at::Tensor loss = value(pixels, weights);
  const at::Tensor own = is_sum_over_pixels() ? total_weight(pixels.targets, weights) : at::ones({}, options);
  return loss / or_one(divisor.defined() ? divisor.to(options) : own) * config_.weight;
}

at::Tensor Loss::value(const LabelledPixels& pixels, const at::Tensor& class_weights) const {
  if (config_.hard_pixels) return hard_cross_entropy(pixels, class_weights, *config_.hard_pixels);
  return find_loss(config_.type)->compute(pixels, class_weights, config_);
}

bool is_loss(std::string_view name) { return find_loss(name) != nullptr; }

bool is_mean_over_pixels(std::string_view name) {
  const LossType* type = find_loss(name);
  return type != nullptr && type->is_sum_over_pixels;
}

std::vector<std::string_view> loss_names() {
  std::vector<std::string_view> names;
  for (const LossType& loss : kLosses) names.push_back(loss.name);
  return names;
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels) {
  if (!is_loss(name)) throw Error("unknown loss \"" + std::string(name) + "\"");
  config::LossConfig config;
  if (!name.empty()) config.type = name;
  return Loss(config, logits.size(1))(logits, labels);
}

}  // namespace sshost::model
