#include "model/loss_type.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include "model/regions.h"

namespace sshost::model {
namespace {

struct DiceOptions : LossOptions {
  double smooth = 1;
};

const config::Section<DiceOptions>& section() {
  static const config::Section<DiceOptions> section(
      {weight_key<DiceOptions>(),
       {config::key("smooth", "pixels, added to both sides of the fraction").at_least(1e-6), &DiceOptions::smooth},
       class_weights_key<DiceOptions>(kWeighedClasses)});
  return section;
}

LossFunction make(const ss_options_object& map, bool independent) {
  const double smooth = section().read(map).smooth;
  return over_regions(
      [smooth](const Regions& regions, const at::Tensor& class_weights) {
        const auto& [probabilities, own] = regions;
        const at::Tensor common = (probabilities * own).sum(0);
        const at::Tensor coefficients = (2 * common + smooth) / (probabilities.square().sum(0) + own.sum(0) + smooth);
        return mean_over_classes(1 - coefficients, class_weights);
      },
      independent);
}

}  // namespace

// The mean over all classes of 1 - (2 sum p_c y_c + smooth) / (sum p_c^2 + sum y_c + smooth), where y_c is 1 in the
// pixels of class c and the sums go over all pixels of the batch. (Milletari et al., "V-Net", 3DV 2016.)
const LossType& dice_loss() {
  static const LossType type{
      {.name = "dice",
       .text = "1 - 2 |overlap| / (|prediction|^2 + |label|) of each class; mean over the classes",
       .schema = section().schema()},
      make};
  return type;
}

}  // namespace sshost::model
