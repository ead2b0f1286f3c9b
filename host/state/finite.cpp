#include "state/finite.h"

#include <ATen/ops/isfinite.h>
#include <ATen/ops/sum.h>

#include <cmath>

namespace sshost::state {

// One value that is not finite makes the sum so. A sum that is not may also be of large values.
bool is_finite(const at::Tensor& values) {
  if (!values.is_floating_point() && !values.is_complex()) return true;
  if (values.is_floating_point() && std::isfinite(values.detach().sum().item<double>())) return true;
  return count_not_finite(values) == 0;
}

int64_t count_not_finite(const at::Tensor& values) {
  return values.numel() - at::isfinite(values.detach()).sum().item<int64_t>();
}

}  // namespace sshost::state
