#ifndef SSHOST_MODEL_LOSSES_H
#define SSHOST_MODEL_LOSSES_H

#include <ATen/core/Tensor.h>

#include <string_view>
#include <vector>

namespace sshost::model {

// Mean cross-entropy of the pixels whose label lies in [0, classes); 0, with a gradient of 0, where there is none.
// logits [N, classes, h, w] are resized bilinearly (align_corners = false) to the labels' size; labels int64 [N, H, W].
at::Tensor cross_entropy(const at::Tensor& logits, const at::Tensor& labels);

// The losses that a pipeline or a prediction can name. An empty name means "cross_entropy".
std::vector<std::string_view> loss_names();
bool is_loss(std::string_view name);

// The named loss, with shapes as for cross_entropy. Throws Error for a name that is not in the list.
at::Tensor compute_loss(std::string_view name, const at::Tensor& logits, const at::Tensor& labels);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_LOSSES_H
