#include "engine/optimizer.h"

#include <ATen/ATen.h>

#include "error.h"

namespace sshost::engine {
namespace {

// The fused operator walks over memory: a gradient laid out otherwise than its parameter is brought into its layout.
at::Tensor laid_out_like(const at::Tensor& parameter, const at::Tensor& gradient) {
  if (gradient.strides() == parameter.strides()) return gradient;
  return at::empty_like(parameter, at::MemoryFormat::Preserve).copy_(gradient);
}

bool wins(const config::ParameterRule& rule, const config::ParameterRule& over) {
  if (rule.match.size() != over.match.size()) return rule.match.size() > over.match.size();
  return rule.match < over.match;
}

}  // namespace

ParameterFactors factors_for(std::string_view name, const std::vector<config::ParameterRule>& rules) {
  const config::ParameterRule* best = nullptr;
  for (const config::ParameterRule& rule : rules) {
    if (name.find(rule.match) == std::string_view::npos) continue;
    if (best == nullptr || wins(rule, *best)) best = &rule;
  }
  if (best == nullptr) return {};
  return {best->lr_factor, best->decay_factor};
}

Sgd::Sgd(const model::StateStore& store, const config::OptimizerConfig& config,
         const std::map<std::string, std::string>& published)
    : momentum_(config.momentum), weight_decay_(config.weight_decay), nesterov_(config.nesterov) {
  std::map<ParameterFactors, Group> groups;
  for (const model::StateEntry& entry : store) {
    if (!entry.trainable) continue;
    const auto known = published.find(entry.name);
    const ParameterFactors factors = factors_for(known == published.end() ? entry.name : known->second, config.rules);
    Group& group = groups[factors];
    group.factors = factors;
    group.names.push_back(entry.name);
    group.parameters.push_back(entry.value);
    if (momentum_ != 0) group.momenta.push_back(at::zeros_like(entry.value.detach()));
  }
  for (auto& [factors, group] : groups) groups_.push_back(std::move(group));
}

void Sgd::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (const Group& group : groups_) step_group(group, learning_rate);
}

void Sgd::step_group(const Group& group, double learning_rate) const {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  std::vector<at::Tensor> momenta;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor& gradient = group.parameters[i].grad();
    if (!gradient.defined()) continue;
    parameters.push_back(group.parameters[i]);
    gradients.push_back(laid_out_like(group.parameters[i], gradient));
    if (!group.momenta.empty()) momenta.push_back(group.momenta[i]);
  }
  if (parameters.empty()) return;
  // Momenta begin as zeros, which gives the values of a "first step" that copies the gradients.
  at::_fused_sgd_(parameters, gradients, momenta, weight_decay_ * group.factors.decay, momentum_,
                  learning_rate * group.factors.lr, /*dampening=*/0, nesterov_, /*maximize=*/false,
                  /*is_first_step=*/false);
}

void Sgd::zero_grad() {
  for (const Group& group : groups_) {
    for (const at::Tensor& parameter : group.parameters) parameter.mutable_grad().reset();
  }
}

NamedTensors Sgd::state() const {
  NamedTensors state;
  for (const Group& group : groups_) {
    for (size_t i = 0; i < group.momenta.size(); ++i) state.emplace_back(group.names[i], group.momenta[i]);
  }
  return state;
}

void Sgd::load_state(const NamedTensors& saved) {
  std::map<std::string, at::Tensor> values(saved.begin(), saved.end());
  const NamedTensors own = state();
  if (own.size() != values.size()) {
    throw Error("the saved optimiser has " + std::to_string(values.size()) + " momenta, this one " +
                std::to_string(own.size()) + ": it is of another model");
  }
  const at::NoGradGuard no_grad;
  for (const auto& [name, momentum] : own) {
    const auto found = values.find(name);
    if (found == values.end() || found->second.sizes() != momentum.sizes()) {
      throw Error("the saved optimiser has no momentum of the right shape for \"" + name +
                  "\": it is of another model");
    }
    momentum.copy_(found->second);
  }
}

}  // namespace sshost::engine
