#ifndef SSHOST_MODEL_LOSSES_H
#define SSHOST_MODEL_LOSSES_H

#include <ATen/core/Tensor.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline.h"

namespace sshost::model {

// Which pixels count in a loss, and how much.
struct PixelWeights {
  at::Tensor of_classes;                                // [classes]; undefined: all 1
  std::optional<config::HardPixelsConfig> hard_pixels;  // nothing: all pixels count
};

// Mean cross-entropy of the pixels whose label lies in [0, classes); 0, with a gradient of 0, where there is none.
// logits [N, classes, h, w] are resized bilinearly (align_corners = false) to the labels' size; labels int64 [N, H, W].
// With weights of classes it is the weighted mean, divided by the sum of the pixels' weights, as in PyTorch. Of hard
// pixels (Shrivastava et al., "Training Region-based Object Detectors with Online Hard Example Mining", CVPR 2016) only
// those count whose own class has a probability below `threshold`, or below that of the N x min_kept-th hardest pixel
// where that is more.
at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels, const PixelWeights& weights = {});

// The loss that a pipeline asks for.
class Loss {
 public:
  // Throws UsageError, with `key` as the place, for a name that there is not or another number of class weights.
  Loss(const config::LossConfig& config, int64_t classes, const std::string& key);

  // The weighted loss; shapes as for cross_entropy.
  at::Tensor operator()(const at::Tensor& logits, const at::Tensor& labels) const;

 private:
  PixelWeights pixels_;
  double weight_;
};

// The losses that a pipeline or a prediction can name. An empty name means "cross_entropy".
std::vector<std::string_view> loss_names();
bool is_loss(std::string_view name);

// The named loss, with shapes as for cross_entropy. Throws Error for a name that is not in the list.
at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_LOSSES_H
