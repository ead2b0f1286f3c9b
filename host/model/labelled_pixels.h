#ifndef SSHOST_MODEL_LABELLED_PIXELS_H
#define SSHOST_MODEL_LABELLED_PIXELS_H

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "model/outputs.h"

namespace sshost::model {

// Stands for labels that are no class.
inline constexpr int64_t kIgnored = -100;

// What a loss compares, pixel by pixel.
struct LabelledPixels {
  at::Tensor logits;   // [N, classes, H, W]
  at::Tensor targets;  // int64 [N, H, W]: a class, or kIgnored; of independent outputs as Outputs::targets gives them
};

// labels int64 [N, H, W] -> the same with kIgnored for all that does not lie in [0, classes).
at::Tensor targets_of(const at::Tensor& labels, int64_t classes);

// logits [N, classes, h, w], resized bilinearly (align_corners = false) to the size of the labels [N, H, W]. Those of a
// reduced precision are widened to float32 first.
LabelledPixels label_pixels(const at::Tensor& logits, const at::Tensor& labels);
LabelledPixels label_pixels(const at::Tensor& logits, const at::Tensor& labels, const Outputs& outputs);

// The pixels that have a class: logits [P, classes] and targets int64 [P].
LabelledPixels valid_pixels(const LabelledPixels& pixels);

// The weight of each pixel's own class [N, H, W], 0 where it has none. `class_weights` [classes]; undefined: all are 1.
at::Tensor weight_map(const LabelledPixels& pixels, const at::Tensor& class_weights);

// The sum of the weights of all pixels that have a class, a scalar: a count of int64 without weights. Of independent
// outputs, targets [N, classes, H, W]: of all that is known, the pixels of each class with its weight.
at::Tensor total_weight(const at::Tensor& targets, const at::Tensor& class_weights);

// What a sum is divided by where its weights may sum up to 0: then by 1, so that a loss of nothing is 0.
at::Tensor or_one(const at::Tensor& divisor);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_LABELLED_PIXELS_H
