#ifndef SSHOST_MODEL_PIXEL_LOSSES_H
#define SSHOST_MODEL_PIXEL_LOSSES_H

#include <ATen/core/Tensor.h>

#include "config/pipeline.h"
#include "model/labelled_pixels.h"

namespace sshost::model {

// Losses that are a sum over pixels: scalars with their gradient, not yet divided by anything. Pixels without a class
// count nothing. `class_weights` [classes], in the logits' dtype and on their device, multiplies a pixel by the weight
// of its own class; undefined: all are 1.

// -log p_y, where p is the softmax of a pixel's logits and y its class.
at::Tensor cross_entropy_sum(const LabelledPixels& pixels, const at::Tensor& class_weights);

// -(1 - p_y)^gamma log p_y: pixels of which the model is sure count little. (Lin et al., "Focal Loss for Dense Object
// Detection", ICCV 2017, with the softmax over all classes in place of a sigmoid for each.)
at::Tensor focal_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double gamma);

// KL(q || p) = sum_c q_c (log q_c - log p_c), the divergence of the model's distribution from the smoothed label: q is
// 1 - smoothing + smoothing / classes for the pixel's class, and smoothing / classes for each other one. The gradient
// is that of cross-entropy with label smoothing (Szegedy et al., "Rethinking the Inception Architecture", CVPR 2016);
// the value is 0 where the model predicts q.
at::Tensor kl_sum(const LabelledPixels& pixels, const at::Tensor& class_weights, double smoothing);

// 1 - p where a loss is -log p, for a power below 1 too.
at::Tensor doubt(const at::Tensor& losses);

// `targets` without the pixels of which the model is sure: online hard example mining (losses.h).
at::Tensor hard_targets(const LabelledPixels& pixels, const config::HardPixelsConfig& config);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_PIXEL_LOSSES_H
