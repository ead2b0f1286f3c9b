#include "train/sgd.h"

#include <ATen/ATen.h>

namespace sshost::train {

Sgd::Sgd(std::vector<ParameterGroup> groups, const config::OptimizerConfig& config)
    : Optimizer(std::move(groups)),
      momentum_(config.momentum),
      weight_decay_(config.weight_decay),
      nesterov_(config.nesterov) {
  for (const ParameterGroup& group : this->groups()) {
    Momenta& momenta = momenta_.emplace_back();
    if (momentum_ == 0) continue;
    for (const at::Tensor& parameter : group.parameters) momenta.push_back(at::zeros_like(parameter.detach()));
  }
}

void Sgd::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < momenta_.size(); ++i) step_group(groups()[i], momenta_[i], learning_rate);
}

void Sgd::step_group(const ParameterGroup& group, const Momenta& momenta, double learning_rate) const {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  std::vector<at::Tensor> moving;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor gradient = gradient_of(group.parameters[i]);
    if (!gradient.defined()) continue;
    parameters.push_back(group.parameters[i]);
    gradients.push_back(gradient);
    if (!momenta.empty()) moving.push_back(momenta[i]);
  }
  if (parameters.empty()) return;
  // Momenta begin as zeros, which gives the values of a "first step" that copies the gradients.
  at::_fused_sgd_(parameters, gradients, moving, weight_decay_ * group.factors.decay, momentum_,
                  learning_rate * group.factors.lr, /*dampening=*/0, nesterov_, /*maximize=*/false,
                  /*is_first_step=*/false);
}

NamedTensors Sgd::state() const {
  NamedTensors state;
  for (size_t g = 0; g < momenta_.size(); ++g) {
    for (size_t i = 0; i < momenta_[g].size(); ++i) state.emplace_back(groups()[g].names[i], momenta_[g][i]);
  }
  return state;
}

}  // namespace sshost::train
