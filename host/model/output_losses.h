#ifndef SSHOST_MODEL_OUTPUT_LOSSES_H
#define SSHOST_MODEL_OUTPUT_LOSSES_H

#include <ATen/core/Tensor.h>

#include "model/labelled_pixels.h"
#include "model/region_losses.h"

namespace sshost::model {

// Losses of independent outputs: logits [N, K, H, W] with targets of the same shape (Outputs::targets), p is the sigmoid
// of a logit, y the target; what is ignored counts nothing. Scalars with their gradient. `class_weights` [K], in the
// logits' dtype and on their device; undefined: all are 1.

// The sum over pixels and classes of -w_c (v_c y log p + (1 - y) log(1 - p)), where w are the class weights and v, [K],
// the weights of what is of a class; undefined: all are 1.
at::Tensor binary_cross_entropy_sum(const LabelledPixels& pixels, const at::Tensor& class_weights,
                                    const at::Tensor& positive_weights);

// The sum of -w_c (1 - q)^gamma log q, where q is p or 1 - p, whichever is right. (Lin et al., "Focal Loss for Dense
// Object Detection", ICCV 2017.)
at::Tensor binary_focal_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double gamma);

// As dice and tversky of region_losses.h, with the sigmoid.
at::Tensor independent_dice(const LabelledPixels& pixels, const at::Tensor& class_weights, double smooth);
at::Tensor independent_tversky(const LabelledPixels& pixels, const at::Tensor& class_weights,
                               const TverskyOptions& options);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_OUTPUT_LOSSES_H
