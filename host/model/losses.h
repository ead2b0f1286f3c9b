#ifndef SSHOST_MODEL_LOSSES_H
#define SSHOST_MODEL_LOSSES_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline.h"
#include "model/labelled_pixels.h"
#include "model/loss_type.h"
#include "model/outputs.h"
#include "model/plugin_loss.h"

namespace sshost::model {

// A loss that a pipeline or a prediction asks for: a value that is divided by a divisor, which follows from the labels
// alone. Some are sums over pixels, or pixels and classes of independent outputs, divided by their total weight
// (cross_entropy, bce, focal, kl); the others are means already, divided by 1.
//
// So the loss of a step that is made of several batches, here or on several machines, is the sum of all values divided
// by the sum of all divisors: the loss of one large batch where it is a sum over pixels, else the mean of the batches'
// losses.
class Loss {
 public:
  // Throws ValueError for a name that there is not for such outputs, or another number of class weights. `component` is
  // that of a loss that the config says to be a plugin's; Error where it cannot be created.
  Loss(const config::LossConfig& config, const Outputs& outputs, const plugin::Component* component = nullptr);

  const std::string& type() const { return type_; }

  // A scalar of float64 on the labels' device; labels int64 [N, H, W].
  at::Tensor divisor(const at::Tensor& labels) const;

  // The weighted loss. `divisor` is that of the whole step; undefined: this batch is the whole step. 0, with a gradient
  // of 0, where no pixel counts. A plugin's needs the context of the forward.
  at::Tensor operator()(const LabelledPixels& pixels, const at::Tensor& divisor = {},
                        state::ExecutionContext* context = nullptr) const;

  // The same: logits [N, classes, h, w] are resized as label_pixels does; labels int64 [N, H, W], ignored outside
  // the data set's classes.
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const {
    return (*this)(label_pixels(logits, labels, outputs_));
  }

 private:
  at::Tensor own_divisor(const LabelledPixels& pixels, const at::Tensor& class_weights) const;

  std::string type_;
  Outputs outputs_;
  LossFunction function_;                     // of the host's own
  std::shared_ptr<const PluginLoss> plugin_;  // or of a plugin
  double weight_ = 1;
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
