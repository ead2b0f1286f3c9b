#include "train/gradient_scaler.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/zeros.h>

namespace sshost::train {

bool GradientScaler::unscale(const std::vector<at::Tensor>& gradients) {
  if (gradients.empty()) return true;
  const at::NoGradGuard no_grad;
  at::Tensor found = at::zeros({}, gradients.front().options().dtype(at::kFloat));
  const at::Tensor inverse = at::full_like(found, 1 / state_.scale);
  at::_amp_foreach_non_finite_check_and_unscale_(gradients, found, inverse);
  if (found.item<float>() != 0) {
    state_ = {state_.scale / 2, 0};
    return false;
  }
  if (++state_.good_steps == kGrowthInterval) state_ = {state_.scale * 2, 0};
  return true;
}

}  // namespace sshost::train
