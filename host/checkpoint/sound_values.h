#ifndef SSHOST_CHECKPOINT_SOUND_VALUES_H
#define SSHOST_CHECKPOINT_SOUND_VALUES_H

#include <ATen/core/Tensor.h>

#include <string>
#include <utility>
#include <vector>

namespace sshost::checkpoint {

// Throws Error where a value of a model is NaN or infinite, or a variance of a norm ("*.running_var") is negative, with
// the tensors and how many of their values; `what` begins the text.
void require_sound_values(const std::vector<std::pair<std::string, at::Tensor>>& tensors, const std::string& what);

// Throws Error where a value is none that training comes to: NaN, infinite or beyond 1e20.
void require_moderate_values(const std::vector<std::pair<std::string, at::Tensor>>& tensors, const std::string& what);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_SOUND_VALUES_H
