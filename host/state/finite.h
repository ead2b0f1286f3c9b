#ifndef SSHOST_STATE_FINITE_H
#define SSHOST_STATE_FINITE_H

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sshost::state {

// Whether no value is NaN or infinite, on any device. Integers are all finite.
bool is_finite(const at::Tensor& values);

int64_t count_not_finite(const at::Tensor& values);

}  // namespace sshost::state

#endif  // SSHOST_STATE_FINITE_H
