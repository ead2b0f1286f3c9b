#ifndef SSHOST_TRAIN_GRADIENT_SCALER_H
#define SSHOST_TRAIN_GRADIENT_SCALER_H

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sshost::train {

// Dynamic loss scaling: float16 has no values below 6e-8, where many gradients lie, so the loss is multiplied by a
// factor before its backward and the gradients are divided by it. The factor is halved whenever a gradient is not
// finite, and doubled after kGrowthInterval steps without that. (Micikevicius et al., "Mixed Precision Training", ICLR
// 2018; the numbers are those of torch.amp.GradScaler.) Threads: one at a time.
class GradientScaler {
 public:
  static constexpr int64_t kGrowthInterval = 2000;

  struct State {
    double scale = 65536;
    int64_t good_steps = 0;  // since the scale last changed
  };

  at::Tensor scaled(const at::Tensor& loss) const { return loss * state_.scale; }

  // Divides the gradients by the scale, in place, and adapts it. False where one is not finite: the step is to be left
  // out. All gradients are on one device and of one dtype.
  bool unscale(const std::vector<at::Tensor>& gradients);

  const State& state() const { return state_; }
  void set_state(const State& state) { state_ = state; }

 private:
  State state_;
};

}  // namespace sshost::train

#endif  // SSHOST_TRAIN_GRADIENT_SCALER_H
