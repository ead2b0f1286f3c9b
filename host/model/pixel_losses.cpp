#include "model/pixel_losses.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace sshost::model {
namespace {

// -log p_y of every pixel [N, H, W]; 0 where it has no class.
at::Tensor surprise(const LabelledPixels& pixels, double smoothing = 0) {
  return at::cross_entropy_loss(pixels.logits, pixels.targets, {}, at::Reduction::None, kIgnored, smoothing);
}

// sum_c q_c log q_c of a smoothed label.
double negative_entropy(int64_t classes, double smoothing) {
  const double other = smoothing / static_cast<double>(classes);
  const double own = 1 - smoothing + other;
  const auto term = [](double q) { return q > 0 ? q * std::log(q) : 0; };
  return term(own) + static_cast<double>(classes - 1) * term(other);
}

}  // namespace

at::Tensor cross_entropy_sum(const LabelledPixels& pixels, const at::Tensor& class_weights) {
  return at::cross_entropy_loss(pixels.logits, pixels.targets, class_weights, at::Reduction::Sum, kIgnored);
}

at::Tensor doubt(const at::Tensor& losses) {
  constexpr double kLeastDoubt = 1e-12;  // a power below 1 has no finite gradient at 0
  return losses.neg().expm1().neg().clamp_min(kLeastDoubt);
}

at::Tensor focal_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double gamma) {
  const at::Tensor losses = surprise(pixels);
  return (weight_map(pixels, class_weights) * doubt(losses).pow(gamma) * losses).sum();
}

at::Tensor kl_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double smoothing) {
  const at::Tensor divergence = surprise(pixels, smoothing) + negative_entropy(pixels.logits.size(1), smoothing);
  return (weight_map(pixels, class_weights) * divergence).sum();
}

at::Tensor hard_targets(const LabelledPixels& pixels, const config::HardPixelsConfig& config) {
  const at::NoGradGuard no_gradient;
  const at::Tensor& targets = pixels.targets;
  const at::Tensor losses = surprise(pixels);
  const at::Tensor valid = targets.ne(kIgnored);
  const at::Tensor sorted = std::get<0>(losses.masked_select(valid).neg().exp().sort());
  if (sorted.numel() == 0) return targets;
  const int64_t kept = std::min(config.min_kept * targets.size(0), sorted.numel() - 1);
  const double threshold = std::max(config.threshold, sorted[kept].item<double>());
  return targets.masked_fill(losses.neg().exp().ge(threshold), kIgnored);
}

}  // namespace sshost::model
