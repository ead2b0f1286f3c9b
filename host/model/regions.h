#ifndef SSHOST_MODEL_REGIONS_H
#define SSHOST_MODEL_REGIONS_H

#include <ATen/core/Tensor.h>

#include <functional>

#include "model/labelled_pixels.h"
#include "model/loss_type.h"

// What losses that compare whole regions are made of: they are means over classes.
namespace sshost::model {

// Probabilities and truth, 1 or 0, of pixels: [P, classes] each. Probabilities are a softmax, and pixels without a class
// left out, or of independent outputs a sigmoid, in which what is ignored is 0.
struct Regions {
  at::Tensor probabilities;
  at::Tensor own;
};

// A loss of regions, whatever the outputs are. `class_weights` [classes] are never undefined.
using RegionLoss = std::function<at::Tensor(const Regions& regions, const at::Tensor& class_weights)>;
LossFunction over_regions(RegionLoss loss, bool independent);

// The mean of one value for each class; the weights' sum may be 0.
at::Tensor mean_over_classes(const at::Tensor& values, const at::Tensor& class_weights);

// `class_weights`, or as many ones as `like` [P, classes] has classes where they are undefined.
at::Tensor weights_or_ones(const at::Tensor& class_weights, const at::Tensor& like);

// A loss of 0 that has a gradient, 0.
at::Tensor zero_loss(const LabelledPixels& pixels);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_REGIONS_H
