#include "model/losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "config/host_types.h"
#include "config/nearest.h"
#include "config/value_error.h"
#include "model/output_losses.h"
#include "model/pixel_losses.h"
#include "model/region_losses.h"

namespace sshost::model {
namespace {

using Compute = at::Tensor (*)(const LabelledPixels& pixels, const at::Tensor& class_weights,
                               const config::LossConfig& config);

// A loss before it is divided, for either kind of outputs; nullptr where they have none. `class_weights` are in the
// logits' dtype and on their device, or undefined.
struct LossType {
  std::string_view name;
  bool is_sum_over_pixels;
  Compute of_exclusive;
  Compute of_independent;
};

at::Tensor positive_weights(const LabelledPixels& pixels, const config::LossConfig& config) {
  if (config.positive_weights.empty()) return {};
  return at::tensor(config.positive_weights, at::kDouble).to(pixels.logits.options().requires_grad(false));
}

constexpr LossType kLosses[] = {
    {"cross_entropy", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig&) {
       return cross_entropy_sum(pixels, weights);
     },
     nullptr},
    {"bce", true, nullptr,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return binary_cross_entropy_sum(pixels, weights, positive_weights(pixels, config));
     }},
    {"focal", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return focal_sum(pixels, weights, config.gamma);
     },
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return binary_focal_sum(pixels, weights, config.gamma);
     }},
    {"kl", true,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return kl_sum(pixels, weights, config.smoothing);
     },
     nullptr},
    {"dice", false,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return dice(pixels, weights, config.smooth);
     },
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return independent_dice(pixels, weights, config.smooth);
     }},
    {"tversky", false,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return tversky(pixels, weights, {config.false_positives, config.false_negatives, config.smooth});
     },
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return independent_tversky(pixels, weights, {config.false_positives, config.false_negatives, config.smooth});
     }},
    {"lovasz", false,
     [](const LabelledPixels& pixels, const at::Tensor& weights, const config::LossConfig& config) {
       return lovasz(pixels, weights, config.per_image);
     },
     nullptr},
};

Compute compute_of(const LossType& type, const Outputs& outputs) {
  return outputs.are_independent() ? type.of_independent : type.of_exclusive;
}

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

void require_one_for_each(const std::vector<double>& weights, const std::string& key, const Outputs& outputs) {
  const auto count = static_cast<int64_t>(weights.size());
  if (weights.empty() || count == outputs.count()) return;
  throw config::ValueError(key, "expected " + std::to_string(outputs.count()) + " weights, one for each class; found " +
                                    std::to_string(count));
}

}  // namespace

Loss::Loss(const config::LossConfig& config, const Outputs& outputs) : config_(config), outputs_(outputs) {
  const LossType* type = find_loss(config.type);
  if (type == nullptr || compute_of(*type, outputs) == nullptr) {
    throw config::ValueError(config.key_path + ".type",
                             "unknown loss \"" + config.type +
                                 "\"; there are: " + config::join_names(config::losses_for(outputs.are_independent())));
  }
  require_one_for_each(config.class_weights, config.key_path + ".class_weights", outputs);
  require_one_for_each(config.positive_weights, config.key_path + ".positive_weights", outputs);
  if (!config.class_weights.empty()) class_weights_ = at::tensor(config.class_weights, at::kDouble);
}

bool Loss::is_sum_over_pixels() const { return find_loss(config_.type)->is_sum_over_pixels && !config_.hard_pixels; }

at::Tensor Loss::divisor(const at::Tensor& labels) const {
  if (!is_sum_over_pixels()) return at::ones({}, labels.options().dtype(at::kDouble));
  const at::Tensor weights = class_weights_.defined() ? class_weights_.to(labels.device()) : class_weights_;
  return total_weight(outputs_.targets(labels), weights).to(at::kDouble);
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
  return compute_of(*find_loss(config_.type), outputs_)(pixels, class_weights, config_);
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
  return compute_loss(name, logits, labels, Outputs(logits.size(1)));
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels,
                        const Outputs& outputs) {
  const LossType* type = find_loss(name);
  if (type == nullptr) throw Error("unknown loss \"" + std::string(name) + "\"");
  config::LossConfig config;
  config.type = type == &kLosses[0] && outputs.are_independent() ? "bce" : type->name;
  return Loss(config, outputs)(logits, labels);
}

}  // namespace sshost::model
