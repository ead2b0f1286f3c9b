// What a plugin returned, held against what it promised. A mistake is an Error that names the plugin.
#ifndef SSHOST_MODEL_CHECK_H
#define SSHOST_MODEL_CHECK_H

#include <ATen/core/Tensor.h>

#include <string>
#include <string_view>

#include "model/instance.h"
#include "state/handles.h"

namespace sshost::model {

// "float [2, 21, 64, 64]", or "NULL".
std::string describe(const at::Tensor& tensor);

// A map of floating point [batch, channels, h, w] with h, w >= 1.
void require_map(const Instance& instance, std::string_view what, const at::Tensor& map, int64_t batch,
                 int64_t channels);

// What was lent to a function is the same as before it, as far as LibTorch counts changes: not in inference mode.
void require_unchanged(const Callee& instance, std::string_view what, const state::LentHandles& lent);

}  // namespace sshost::model

#endif  // SSHOST_MODEL_CHECK_H
