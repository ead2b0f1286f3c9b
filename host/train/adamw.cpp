#include "train/adamw.h"

#include <ATen/ATen.h>

#include "base/error.h"

namespace sshost::train {

AdamW::AdamW(std::vector<ParameterGroup> groups, const config::OptimizerConfig& config)
    : Optimizer(std::move(groups)),
      beta1_(config.betas[0]),
      beta2_(config.betas[1]),
      eps_(config.eps),
      weight_decay_(config.weight_decay) {
  for (const ParameterGroup& group : this->groups()) {
    Moments& moments = moments_.emplace_back();
    for (const at::Tensor& parameter : group.parameters) {
      moments.mean.push_back(at::zeros_like(parameter.detach()));
      moments.square.push_back(at::zeros_like(parameter.detach()));
      moments.steps.push_back(at::zeros({}, parameter.options().dtype(at::kFloat).requires_grad(false)));
    }
  }
}

void AdamW::step(double learning_rate) {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < moments_.size(); ++i) step_group(groups()[i], moments_[i], learning_rate);
}

void AdamW::step_group(const ParameterGroup& group, const Moments& moments, double learning_rate) const {
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  Moments moving;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const at::Tensor gradient = gradient_of(group.parameters[i]);
    if (!gradient.defined()) continue;
    parameters.push_back(group.parameters[i]);
    gradients.push_back(gradient);
    moving.mean.push_back(moments.mean[i]);
    moving.square.push_back(moments.square[i]);
    moving.steps.push_back(moments.steps[i]);
  }
  if (parameters.empty()) return;
  at::_foreach_add_(moving.steps, 1);  // the operator takes the number of the step under way
  at::_fused_adamw_(parameters, gradients, moving.mean, moving.square, /*max_exp_avg_sqs=*/{}, moving.steps,
                    learning_rate * group.factors.lr, beta1_, beta2_, weight_decay_ * group.factors.decay, eps_,
                    /*amsgrad=*/false, /*maximize=*/false);
}

// Means of squares, and counts.
void AdamW::require_possible(const std::string& name, const at::Tensor& value) const {
  if (!name.ends_with(".exp_avg_sq") && !name.ends_with(".step")) return;
  if (value.ge(0).all().item<bool>()) return;
  throw Error("the saved optimiser's \"" + name + "\" is damaged: expected no value below 0");
}

NamedTensors AdamW::state() const {
  NamedTensors state;
  for (size_t g = 0; g < moments_.size(); ++g) {
    for (size_t i = 0; i < groups()[g].names.size(); ++i) {
      const std::string& name = groups()[g].names[i];
      state.emplace_back(name + ".exp_avg", moments_[g].mean[i]);
      state.emplace_back(name + ".exp_avg_sq", moments_[g].square[i]);
      state.emplace_back(name + ".step", moments_[g].steps[i]);
    }
  }
  return state;
}

}  // namespace sshost::train
