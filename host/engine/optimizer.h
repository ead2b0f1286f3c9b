#ifndef SSHOST_ENGINE_OPTIMIZER_H
#define SSHOST_ENGINE_OPTIMIZER_H

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/pipeline.h"
#include "model/state_store.h"

namespace sshost::engine {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// A parameter's factors on the learning rate and on the weight decay.
struct ParameterFactors {
  double lr = 1;
  double decay = 1;
  bool operator<(const ParameterFactors& other) const {
    return std::pair(lr, decay) < std::pair(other.lr, other.decay);
  }
};

// The factors of the rule whose `match` is a part of `name`: the longest, of equally long ones the alphabetically first.
ParameterFactors factors_for(std::string_view name, const std::vector<config::ParameterRule>& rules);

// Stochastic gradient descent with momentum, as torch.optim.SGD: g' = g + decay w; m = momentum m + g';
// w -= lr (nesterov ? g' + momentum m : m). All parameters of one group are updated by one fused operator.
// Holds the parameters' tensors: make it after the store is on its device. Threads: one at a time.
class Sgd {
 public:
  // `published` maps our names to those that the rules are matched against; a name that is not in it is its own.
  Sgd(const model::StateStore& store, const config::OptimizerConfig& config,
      const std::map<std::string, std::string>& published);

  // Parameters without a gradient are left alone, their momentum too.
  void step(double learning_rate);

  // Drops the gradients.
  void zero_grad();

  // The momenta by parameter name; they share memory with the optimiser. None where momentum is 0.
  NamedTensors state() const;

  // Takes the values of a saved state. Throws Error where names or shapes are not this optimiser's.
  void load_state(const NamedTensors& state);

 private:
  struct Group {
    ParameterFactors factors;
    std::vector<std::string> names;
    std::vector<at::Tensor> parameters;
    std::vector<at::Tensor> momenta;  // empty where momentum is 0
  };

  void step_group(const Group& group, double learning_rate) const;

  double momentum_;
  double weight_decay_;
  bool nesterov_;
  std::vector<Group> groups_;
};

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_OPTIMIZER_H
