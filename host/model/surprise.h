#ifndef SSHOST_MODEL_SURPRISE_H
#define SSHOST_MODEL_SURPRISE_H

#include <ATen/core/Tensor.h>

#include "model/labelled_pixels.h"

// What losses that are sums over pixels are made of.
namespace sshost::model {

// -log p_y of every pixel [N, H, W], where p is the softmax of its logits and y its class; 0 where it has none.
at::Tensor surprise(const LabelledPixels& pixels, double smoothing = 0);

// Of independent outputs: -log of the probability of what is right, [N, K, H, W], where p is the sigmoid of a logit.
// `positive_weights` [K] multiply that of what is of a class; undefined: all are 1.
at::Tensor binary_surprise(const LabelledPixels& pixels, const at::Tensor& positive_weights = {});

// Of independent outputs: what a pixel counts for a class, [N, K, H, W]: its weight, or 0 where it is ignored.
at::Tensor binary_weight_map(const LabelledPixels& pixels, const at::Tensor& class_weights);

// 1 - p where a loss is -log p, for a power below 1 too.
at::Tensor doubt(const at::Tensor& losses);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_SURPRISE_H
