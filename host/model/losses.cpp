#include "model/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

#include "base/error.h"
#include "config/nearest.h"
#include "config/sections.h"
#include "config/value_error.h"

namespace sshost::model {
namespace {

const LossType* find_loss(std::string_view name) {
  if (name.empty()) return loss_types().front();
  for (const LossType* type : loss_types()) {
    if (type->host.name == name) return type;
  }
  return nullptr;
}

bool fits(const LossType& type, const Outputs& outputs) {
  return outputs.are_independent() ? type.host.of_independent : type.host.of_exclusive;
}

const ss_options_object& defaults_of(const LossType& type) {
  static const auto all = [] {
    std::map<const LossType*, ss_options_object> options;
    for (const LossType* each : loss_types()) options.emplace(each, config::default_options(each->host));
    return options;
  }();
  return all.at(&type);
}

// Of an option that may be null.
std::vector<double> numbers_of(const ss_options_object& options, const std::string& key) {
  return config::doubles_of(options.at(key));
}

void require_one_for_each(const ss_options_object& options, const std::string& key_path, const Outputs& outputs) {
  for (const std::string& key : options.keys) {
    if (!key.ends_with("_weights")) continue;
    const auto count = static_cast<int64_t>(numbers_of(options, key).size());
    if (count == 0 || count == outputs.count()) continue;
    throw config::ValueError(key_path + "." + key, "expected " + std::to_string(outputs.count()) +
                                                       " weights, one for each class; found " + std::to_string(count));
  }
}

const LossType& type_of(const config::LossConfig& config, const Outputs& outputs) {
  const LossType* type = find_loss(config.type);
  if (type != nullptr && fits(*type, outputs)) return *type;
  const auto fitting = config::losses_for(config::host_types_of(loss_types()), outputs.are_independent());
  throw config::ValueError(config.key_path + ".type", "unknown loss \"" + config.type + "\"; there are: " +
                                                          config::join_names(config::names_of(fitting)));
}

}  // namespace

Loss::Loss(const config::LossConfig& config, const Outputs& outputs, const plugin::Component* component)
    : type_(config.type), outputs_(outputs) {
  if (component != nullptr) {
    type_ = component->name();
    plugin_ = std::make_shared<PluginLoss>(*component, config.component.value().options.get(), outputs);
    function_.is_sum_over_pixels = plugin_->is_sum_over_pixels();
    weight_ = config.options->at("weight").real * config.factor;
    return;
  }
  const LossType& type = type_of(config, outputs);
  const ss_options_object& options = config.options ? *config.options : defaults_of(type);
  require_one_for_each(options, config.key_path, outputs);
  function_ = type.make(options, outputs.are_independent());
  weight_ = options.at("weight").real * config.factor;
  const std::vector<double> weights = numbers_of(options, "class_weights");
  if (!weights.empty()) class_weights_ = at::tensor(weights, at::kDouble);
}

at::Tensor Loss::divisor(const at::Tensor& labels) const {
  if (!function_.is_sum_over_pixels) return at::ones({}, labels.options().dtype(at::kDouble));
  const at::Tensor weights = class_weights_.defined() ? class_weights_.to(labels.device()) : class_weights_;
  return total_weight(outputs_.targets(labels), weights).to(at::kDouble);
}

at::Tensor Loss::own_divisor(const LabelledPixels& pixels, const at::Tensor& class_weights) const {
  if (function_.is_sum_over_pixels) return total_weight(pixels.targets, class_weights);
  return at::ones({}, pixels.logits.options().requires_grad(false));
}

at::Tensor Loss::operator()(const LabelledPixels& pixels, const at::Tensor& divisor,
                            state::ExecutionContext* context) const {
  const at::TensorOptions options = pixels.logits.options().requires_grad(false);
  const at::Tensor weights = class_weights_.defined() ? class_weights_.to(options) : class_weights_;
  const at::Tensor whole = or_one(divisor.defined() ? divisor.to(options) : own_divisor(pixels, weights));
  if (!plugin_) return function_.compute(pixels, weights) / whole * weight_;
  if (context == nullptr) throw std::logic_error("a plugin's loss needs a context");
  return plugin_->compute(*context, pixels, whole.to(options)) * weight_;
}

bool is_loss(std::string_view name) { return find_loss(name) != nullptr; }

bool is_mean_over_pixels(std::string_view name) {
  const LossType* type = find_loss(name);
  return type != nullptr && type->make(defaults_of(*type), !type->host.of_exclusive).is_sum_over_pixels;
}

std::vector<std::string_view> loss_names() {
  std::vector<std::string_view> names;
  for (const LossType* type : loss_types()) names.push_back(type->host.name);
  return names;
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels) {
  return compute_loss(name, logits, labels, Outputs(logits.size(1)));
}

at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels,
                        const Outputs& outputs) {
  const LossType* type = find_loss(name);
  if (type == nullptr) throw Error("unknown loss \"" + std::string(name) + "\"");
  const bool takes_bce = type == loss_types().front() && outputs.are_independent();
  config::LossConfig config;
  config.type = takes_bce ? config::kIndependentLoss : type->host.name;
  return Loss(config, outputs)(logits, labels);
}

}  // namespace sshost::model
