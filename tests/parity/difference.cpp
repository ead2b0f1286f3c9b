#include "parity/difference.h"

#include <ATen/ATen.h>

#include "base/error.h"

namespace sshost::parity {

Difference compare(const at::Tensor& found, const at::Tensor& expected, std::int64_t classes) {
  if (found.sizes() != expected.sizes()) {
    throw Error(c10::str("expected a result of the shape ", expected.sizes(), ", found ", found.sizes()));
  }
  const at::Tensor a = found.to(at::kDouble), b = expected.to(at::kDouble);
  Difference difference;
  difference.max_absolute = (a - b).abs().max().item<double>();
  difference.relative = difference.max_absolute / b.abs().max().item<double>();
  difference.argmax_equal = equal_share(a.argmax(classes), b.argmax(classes));
  return difference;
}

double equal_share(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) {
    throw Error(c10::str("expected classes of the shape ", expected.sizes(), ", found ", found.sizes()));
  }
  return found.eq(expected).to(at::kDouble).mean().item<double>();
}

}  // namespace sshost::parity
