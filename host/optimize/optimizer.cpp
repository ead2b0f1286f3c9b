#include "optimize/optimizer.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/stack.h>

#include "base/error.h"
#include "optimize/optimizer_type.h"

namespace sshost::optimize {

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

std::unique_ptr<Optimizer> make_optimizer(const state::StateStore& store, const config::TypedConfig& config,
                                          const std::map<std::string, std::string>& published) {
  const OptimizerType& type = config::find_type(optimizer_types(), "train.optimizer.type", "optimizer", config.type);
  return type.make({store, published}, *config.options);
}

double learning_rate_of(const config::TypedConfig& config) { return config.options->at("lr").real; }

}  // namespace sshost::optimize
