#include "model/loss_type.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include "model/regions.h"

namespace sshost::model {
namespace {

struct TverskyOptions : LossOptions {
  double false_positives = 0.3;  // a
  double false_negatives = 0.7;  // b
  double smooth = 1;
};

const config::Section<TverskyOptions>& section() {
  static const config::Section<TverskyOptions> section(
      {weight_key<TverskyOptions>(),
       {config::key("false_positives", "a: what a pixel weighs that is wrongly called so").at_least(0),
        &TverskyOptions::false_positives},
       {config::key("false_negatives", "b: what a pixel weighs that is missed").at_least(0),
        &TverskyOptions::false_negatives},
       {config::key("smooth", "pixels, added to both sides of the fraction").at_least(1e-6), &TverskyOptions::smooth},
       class_weights_key<TverskyOptions>(kWeighedClasses)});
  return section;
}

LossFunction make(const ss_options_object& map, bool independent) {
  return over_regions(
      [options = section().read(map)](const Regions& regions, const at::Tensor& class_weights) {
        const at::Tensor hits = (regions.probabilities * regions.own).sum(0);
        const at::Tensor wrong = options.false_positives * (regions.probabilities.sum(0) - hits) +
                                 options.false_negatives * (regions.own.sum(0) - hits);
        const at::Tensor index = (hits + options.smooth) / (hits + wrong + options.smooth);
        return mean_over_classes(1 - index, class_weights);
      },
      independent);
}

}  // namespace

// The mean over all classes of 1 - (TP + smooth) / (TP + a FP + b FN + smooth), over all pixels of the batch, where TP is
// sum p_c y_c, FP sum p_c (1 - y_c), FN sum (1 - p_c) y_c. (Salehi et al., "Tversky loss function for image segmentation
// using 3D fully convolutional deep networks", MLMI 2017: a = 0.3, b = 0.7.)
const LossType& tversky_loss() {
  static const LossType type{{.name = "tversky",
                              .text = "1 - TP / (TP + a FP + b FN) of each class; mean over the classes",
                              .schema = section().schema()},
                             make};
  return type;
}

}  // namespace sshost::model
