#include "optimize/sgd.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/zeros_like.h>

#include "optimize/optimizer_type.h"

namespace sshost::optimize {
namespace {

const config::Section<SgdOptions>& section() {
  static const config::Section<SgdOptions> section(
      {learning_rate_key<SgdOptions>(),
       {config::key("momentum", "share of the last step's direction that is kept").between(0, 1),
        &SgdOptions::momentum},
       {config::key("weight_decay", "L2 penalty, of norms and biases too where no rule says otherwise").at_least(0),
        &SgdOptions::weight_decay},
       {config::key("nesterov", "look ahead along the momentum"), &SgdOptions::nesterov},
       rules_key<SgdOptions>()});
  return section;
}

}  // namespace

const OptimizerType& sgd_optimizer() {
  static const OptimizerType type{
      {.name = "sgd", .text = "stochastic gradient descent with momentum", .schema = section().schema()},
      [](Parameters parameters, const ss_options_object& options) {
        return make_optimizer_of<Sgd>(parameters, section().read(options));
      }};
  return type;
}

Sgd::Sgd(std::vector<ParameterGroup> groups, const SgdOptions& options)
    : Optimizer(std::move(groups)),
      momentum_(options.momentum),
      weight_decay_(options.weight_decay),
      nesterov_(options.nesterov) {
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

}  // namespace sshost::optimize
