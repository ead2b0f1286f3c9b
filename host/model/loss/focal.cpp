#include "model/loss_type.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include "model/surprise.h"

namespace sshost::model {
namespace {

struct FocalOptions : LossOptions {
  double gamma = 2;
};

const config::Section<FocalOptions>& section() {
  static const config::Section<FocalOptions> section(
      {weight_key<FocalOptions>(),
       {config::key("gamma", "how little pixels count of which the model is sure").at_least(0), &FocalOptions::gamma},
       class_weights_key<FocalOptions>(kWeighedPixels)});
  return section;
}

LossFunction make(const ss_options_object& map, bool independent) {
  return {
      [independent, gamma = section().read(map).gamma](const LabelledPixels& pixels, const at::Tensor& class_weights) {
        const at::Tensor losses = independent ? binary_surprise(pixels) : surprise(pixels);
        const at::Tensor weights =
            independent ? binary_weight_map(pixels, class_weights) : weight_map(pixels, class_weights);
        return (weights * doubt(losses).pow(gamma) * losses).sum();
      },
      /*is_sum_over_pixels=*/true};
}

}  // namespace

// -(1 - q)^gamma log q, where q is the probability of what is right: pixels of which the model is sure count little. (Lin
// et al., "Focal Loss for Dense Object Detection", ICCV 2017; of exclusive outputs with the softmax over all classes in
// place of a sigmoid for each.)
const LossType& focal_loss() {
  static const LossType type{
      {.name = "focal",
       .text = "-(1 - p)^gamma log p of a pixel's own class, or of what is right for each; mean over the pixels",
       .schema = section().schema()},
      make};
  return type;
}

}  // namespace sshost::model
