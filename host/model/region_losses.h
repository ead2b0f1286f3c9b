#ifndef SSHOST_MODEL_REGION_LOSSES_H
#define SSHOST_MODEL_REGION_LOSSES_H

#include <ATen/core/Tensor.h>

#include "model/labelled_pixels.h"

namespace sshost::model {

// Losses that compare whole regions: means over classes, scalars with their gradient. Pixels without a class count
// nothing; 0 where there is no other. p is the softmax of a pixel's logits. `class_weights` [classes], in the logits'
// dtype and on their device, weighs the classes in the mean; undefined: all are 1.

// The mean over all classes of 1 - (2 sum p_c y_c + smooth) / (sum p_c^2 + sum y_c + smooth), where y_c is 1 in the
// pixels of class c and the sums go over all pixels of the batch. (Milletari et al., "V-Net", 3DV 2016.) `smooth` > 0.
at::Tensor dice(const LabelledPixels& pixels, const at::Tensor& class_weights, double smooth);

// What 1 - TP / (TP + a FP + b FN) takes. (Salehi et al., "Tversky loss function for image segmentation using 3D fully
// convolutional deep networks", MLMI 2017: a = 0.3, b = 0.7.)
struct TverskyOptions {
  double false_positives;  // a
  double false_negatives;  // b
  double smooth;           // added to both sides of the fraction; above 0
};

// The mean over all classes of 1 - (TP + smooth) / (TP + a FP + b FN + smooth), over all pixels of the batch, where TP is
// sum p_c y_c, FP sum p_c (1 - y_c), FN sum (1 - p_c) y_c.
at::Tensor tversky(const LabelledPixels& pixels, const at::Tensor& class_weights, const TverskyOptions& options);

// Probabilities and truth, 1 or 0, of pixels: [P, classes] each.
struct Regions {
  at::Tensor probabilities;
  at::Tensor own;
};

// The same of regions, whatever the probabilities are made from.
at::Tensor dice(const Regions& regions, const at::Tensor& class_weights, double smooth);
at::Tensor tversky(const Regions& regions, const at::Tensor& class_weights, const TverskyOptions& options);

// Lovasz-softmax: the mean, over the classes that the labels hold, of the Lovasz extension of the Jaccard loss at the
// errors |y_c - p_c|. (Berman et al., "The Lovasz-Softmax loss", CVPR 2018, equations 8, 9 and 11.) Over all pixels of
// the batch, or the mean of what it is for each image that has labels.
at::Tensor lovasz(const LabelledPixels& pixels, const at::Tensor& class_weights, bool per_image);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_REGION_LOSSES_H
