#ifndef SSHOST_OPTIMIZE_ADAMW_H
#define SSHOST_OPTIMIZE_ADAMW_H

#include <utility>

#include "optimize/optimizer.h"

namespace sshost::optimize {

struct AdamWOptions : OptimizerOptions {
  AdamWOptions() { lr = 1e-3, weight_decay = 0.01; }
  std::pair<double, double> betas = {0.9, 0.999};  // of the gradient's mean, of its square's
  double eps = 1e-8;
};

// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019), as
// torch.optim.AdamW: w -= lr decay w; m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2;
// w -= lr m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps), t counting the steps in which the parameter had a gradient.
// Its state is, for each parameter, "<name>.exp_avg" (m), "<name>.exp_avg_sq" (v) and "<name>.step" (t).
class AdamW final : public Optimizer {
 public:
  AdamW(std::vector<ParameterGroup> groups, const AdamWOptions& options);

  void step(double learning_rate) override;
  NamedTensors state() const override;

 protected:
  void require_possible(const std::string& name, const at::Tensor& value) const override;

 private:
  // One entry for each parameter of a group.
  struct Moments {
    std::vector<at::Tensor> mean;
    std::vector<at::Tensor> square;
    std::vector<at::Tensor> steps;  // float32 scalars on the parameter's device
  };

  void step_group(const ParameterGroup& group, const Moments& moments, double learning_rate) const;

  double beta1_;
  double beta2_;
  double eps_;
  double weight_decay_;
  std::vector<Moments> moments_;  // one for each group
};

}  // namespace sshost::optimize

#endif  // SSHOST_OPTIMIZE_ADAMW_H
