#ifndef SSHOST_MODEL_LOSSES_H
#define SSHOST_MODEL_LOSSES_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline.h"
#include "model/labelled_pixels.h"
#include "model/outputs.h"

namespace sshost::model {

// A loss that a pipeline or a prediction asks for: a value that is divided by a divisor, which follows from the labels
// alone. cross_entropy, focal and kl are sums over pixels (pixel_losses.h), divided by the pixels' total weight; dice,
// tversky and lovasz (region_losses.h), and cross_entropy of hard pixels, are means already, divided by 1. Of
// independent outputs (output_losses.h), bce and focal are sums over pixels and classes.
//
// So the loss of a step that is made of several batches, here or on several machines, is the sum of all values divided
// by the sum of all divisors: the loss of one large batch where it is a sum over pixels, else the mean of the batches'
// losses.
//
// With weights of classes cross_entropy is the weighted mean, divided by the sum of the pixels' weights, as in PyTorch.
// Of hard pixels (Shrivastava et al., "Training Region-based Object Detectors with Online Hard Example Mining", CVPR
// 2016) only those count whose own class has a probability below `threshold`, or below that of the N x min_kept-th
// hardest pixel where that is more.
class Loss {
 public:
  // Throws ValueError for a name that there is not for such outputs, or another number of class weights.
  Loss(const config::LossConfig& config, const Outputs& outputs);

  const std::string& type() const { return config_.type; }

  // A scalar of float64 on the labels' device; labels int64 [N, H, W].
  at::Tensor divisor(const at::Tensor& labels) const;

  // The weighted loss. `divisor` is that of the whole step; undefined: this batch is the whole step. 0, with a gradient
  // of 0, where no pixel counts.
  at::Tensor operator()(const LabelledPixels& pixels, const at::Tensor& divisor = {}) const;

  // The same: logits [N, classes, h, w] are resized as label_pixels does; labels int64 [N, H, W], ignored outside
  // the data set's classes.
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return (*this)(label_pixels(logits, labels, outputs_));
  }

 private:
  bool is_sum_over_pixels() const;
  at::Tensor value(const LabelledPixels& pixels, const at::Tensor& class_weights) const;

  config::LossConfig config_;
  Outputs outputs_;
  at::Tensor class_weights_;  // [classes] of float64 on the CPU; undefined: all are 1
};

// The losses that a pipeline or a prediction can name. An empty name means "cross_entropy".
std::vector<std::string_view> loss_names();
bool is_loss(std::string_view name);

// Whether the named loss, with its default options, is a mean over the labelled pixels.
bool is_mean_over_pixels(std::string_view name);

// The named loss with its default options, with shapes as for Loss. Throws Error for a name that is not in the list.
at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels);

// The same of a component's prediction, for outputs of either kind: independent ones take bce for cross_entropy, which
// is what a component means that knows of exclusive ones alone. Throws Error where they have no such loss.
at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels,
                        const Outputs& outputs);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_LOSSES_H
