#ifndef SSHOST_OPTIMIZE_SGD_H
#define SSHOST_OPTIMIZE_SGD_H

#include "optimize/optimizer.h"

namespace sshost::optimize {

struct SgdOptions : OptimizerOptions {
  double momentum = 0.9;
  bool nesterov = false;
};

// Stochastic gradient descent with momentum, as torch.optim.SGD: g' = g + decay w; m = momentum m + g';
// w -= lr (nesterov ? g' + momentum m : m). Its state is the momenta, by the parameters' own names; none where momentum
// is 0.
class Sgd final : public Optimizer {
 public:
  Sgd(std::vector<ParameterGroup> groups, const SgdOptions& options);

  void step(double learning_rate) override;
  NamedTensors state() const override;

 private:
  using Momenta = std::vector<at::Tensor>;  // one for each parameter of a group; empty where momentum is 0

  void step_group(const ParameterGroup& group, const Momenta& momenta, double learning_rate) const;

  double momentum_;
  double weight_decay_;
  bool nesterov_;
  std::vector<Momenta> momenta_;  // one for each group
};

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_SGD_H
