#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <vector>

#include "model/loss_type.h"
#include "model/surprise.h"

namespace sshost::model {
namespace {

struct BceOptions : LossOptions {
  std::vector<double> positive_weights;  // one for each output; empty: all are 1
};

const config::Section<BceOptions>& section() {
  static const config::Section<BceOptions> section(
      {weight_key<BceOptions>(),
       {config::key("positive_weights",
                    "of the pixels that are of a class, for each class; above 1: missing them costs more; null: as the "
                    "others")
            .list(1)
            .nullable()
            .at_least(0),
        &BceOptions::positive_weights},
       class_weights_key<BceOptions>("of each class in the sum over pixels and classes")});
  return section;
}

LossFunction make(const ss_options_object& map, bool) {
  const std::vector<double> weights = section().read(map).positive_weights;
  const at::Tensor positive = weights.empty() ? at::Tensor() : at::tensor(weights, at::kDouble);
  return {[positive](const LabelledPixels& pixels, const at::Tensor& class_weights) {
            const at::TensorOptions options = pixels.logits.options().requires_grad(false);
            const at::Tensor moved = positive.defined() ? positive.to(options) : positive;
            return (binary_weight_map(pixels, class_weights) * binary_surprise(pixels, moved)).sum();
          },
          /*is_sum_over_pixels=*/true};
}

}  // namespace

// -w_c (v_c y log p + (1 - y) log(1 - p)), where p is the sigmoid of a logit, y 1 in the pixels of the class, w are the
// class weights and v the weights of what is of a class.
const LossType& bce_loss() {
  static const LossType type{
      {.name = "bce",
       .text = "binary cross-entropy of each class by itself; mean over the valid pixels and classes",
       .schema = section().schema(),
       .of_exclusive = false},
      make};
  return type;
}

}  // namespace sshost::model
