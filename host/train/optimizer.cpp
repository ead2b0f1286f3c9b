#include "train/optimizer.h"

#include <ATen/ATen.h>

#include "base/error.h"
#include "train/adamw.h"
#include "train/sgd.h"

namespace sshost::train {

void Optimizer::load_state(const NamedTensors& saved) {
  const std::map<std::string, at::Tensor> values(saved.begin(), saved.end());
  const NamedTensors own = state();
  if (own.size() != values.size()) {
    throw Error("the saved optimiser has " + std::to_string(values.size()) + " tensors, this one " +
                std::to_string(own.size()) + ": it is another optimiser, or of another model");
  }
  const at::NoGradGuard no_grad;
  for (const auto& [name, tensor] : own) {
    const auto found = values.find(name);
    if (found == values.end() || found->second.sizes() != tensor.sizes()) {
      throw Error("the saved optimiser has no tensor of the right shape for \"" + name +
                  "\": it is another optimiser, or of another model");
    }
    require_possible(name, found->second);
    tensor.copy_(found->second);
  }
}

std::vector<at::Tensor> Optimizer::gradients() const {
  std::vector<at::Tensor> gradients;
  for (const ParameterGroup& group : groups_) {
    for (const at::Tensor& parameter : group.parameters) {
      if (parameter.grad().defined()) gradients.push_back(parameter.grad());
    }
  }
  return gradients;
}

double Optimizer::clip_gradients(double most) const {
  const at::NoGradGuard no_grad;
  const std::vector<at::Tensor> gradients = this->gradients();
  if (gradients.empty()) return 0;
  constexpr double kAvoidZero = 1e-6;
  const double norm = at::stack(at::_foreach_norm(gradients, 2)).norm().item<double>();
  if (norm + kAvoidZero > most) at::_foreach_mul_(gradients, most / (norm + kAvoidZero));
  return norm;
}

void Optimizer::zero_grad() {
  for (const ParameterGroup& group : groups_) {
    for (const at::Tensor& parameter : group.parameters) parameter.mutable_grad().reset();
  }
}

std::unique_ptr<Optimizer> make_optimizer(const state::StateStore& store, const config::OptimizerConfig& config,
                                          const std::map<std::string, std::string>& published) {
  std::vector<ParameterGroup> groups = group_parameters(store, config.rules, published);
  if (config.type == "sgd") return std::make_unique<Sgd>(std::move(groups), config);
  if (config.type == "adamw") return std::make_unique<AdamW>(std::move(groups), config);
  throw UsageError("train.optimizer.type: unknown optimizer \"" + config.type + "\"; there are: sgd, adamw");
}

}  // namespace sshost::train
