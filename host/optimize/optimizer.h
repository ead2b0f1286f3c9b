#ifndef SSHOST_OPTIMIZE_OPTIMIZER_H
#define SSHOST_OPTIMIZE_OPTIMIZER_H

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/pipeline.h"
#include "optimize/parameter_groups.h"
#include "state/state_store.h"

namespace sshost::optimize {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

// What every optimiser has.
struct OptimizerOptions {
  double lr = 0.01;  // before the schedule
  double weight_decay = 5e-4;
  std::vector<ParameterRule> rules;
};

// Moves a model's parameters along their gradients. Holds the parameters' tensors: make it after the store is on its
// device. Threads: one at a time.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // One step at this rate, times each group's factor. Parameters without a gradient are left alone, and what the
  // optimiser remembers of them too.
  virtual void step(double learning_rate) = 0;

  // What is remembered between steps, named after the parameters; it shares memory with the optimiser.
  virtual NamedTensors state() const = 0;

  // Takes the values of a saved state. Throws Error where names or shapes are not this optimiser's, or values are none
  // that its steps leave.
  void load_state(const NamedTensors& saved);

  // Scales all gradients by one factor, so that together they are no longer than `most` (the L2 norm over all
  // parameters), as torch.nn.utils.clip_grad_norm_ does (Pascanu et al., ICML 2013). Gives the norm they had.
  double clip_gradients(double most) const;

  // The gradients of all parameters that have one; they share memory with the optimiser's.
  std::vector<at::Tensor> gradients() const;

  // Drops the gradients.
  void zero_grad();

 protected:
  // Throws Error where no step leaves such a value in what state() names so.
  virtual void require_possible(const std::string& /*name*/, const at::Tensor& /*value*/) const {}

  explicit Optimizer(std::vector<ParameterGroup> groups) : groups_(std::move(groups)) {}
  const std::vector<ParameterGroup>& groups() const { return groups_; }

 private:
  std::vector<ParameterGroup> groups_;
};

// The optimiser of the pipeline. `published` maps our names to those that its rules are matched against; a name that is
// not in it is its own. Throws UsageError for a type that there is not.
std::unique_ptr<Optimizer> make_optimizer(const state::StateStore& store, const config::TypedConfig& config,
                                          const std::map<std::string, std::string>& published);

// The learning rate before the schedule.
double learning_rate_of(const config::TypedConfig& config);

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_OPTIMIZER_H
