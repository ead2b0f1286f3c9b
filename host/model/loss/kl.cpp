#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <cmath>

#include "model/loss_type.h"
#include "model/surprise.h"

namespace sshost::model {
namespace {

struct KlOptions : LossOptions {
  double smoothing = 0.1;
};

const config::Section<KlOptions>& section() {
  static const config::Section<KlOptions> section(
      {weight_key<KlOptions>(),
       {config::key("smoothing", "share of the label that is spread evenly over all classes").between(0, 0.999),
        &KlOptions::smoothing},
       class_weights_key<KlOptions>(kWeighedPixels)});
  return section;
}

// sum_c q_c log q_c of a smoothed label.
double negative_entropy(int64_t classes, double smoothing) {
  const double other = smoothing / static_cast<double>(classes);
  const double own = 1 - smoothing + other;
  const auto term = [](double q) { return q > 0 ? q * std::log(q) : 0; };
  return term(own) + static_cast<double>(classes - 1) * term(other);
}

LossFunction make(const ss_options_object& map, bool) {
  return {[smoothing = section().read(map).smoothing](const LabelledPixels& pixels, const at::Tensor& class_weights) {
            const at::Tensor divergence =
                surprise(pixels, smoothing) + negative_entropy(pixels.logits.size(1), smoothing);
            return (weight_map(pixels, class_weights) * divergence).sum();
          },
          /*is_sum_over_pixels=*/true};
}

}  // namespace

// KL(q || p) = sum_c q_c (log q_c - log p_c), the divergence of the model's distribution from the smoothed label: q is
// 1 - smoothing + smoothing / classes for the pixel's class, and smoothing / classes for each other one. The gradient
// is that of cross-entropy with label smoothing (Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016);
// the value is 0 where the model predicts q.
const LossType& kl_loss() {
  static const LossType type{
      {.name = "kl",
       .text = "KL divergence of the prediction from the smoothed label; mean over the valid pixels",
       .schema = section().schema(),
       .of_independent = false},
      make};
  return type;
}

}  // namespace sshost::model
