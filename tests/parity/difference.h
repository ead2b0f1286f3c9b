// How far a result is from a fixture's.
#ifndef SSHOST_TESTS_PARITY_DIFFERENCE_H
#define SSHOST_TESTS_PARITY_DIFFERENCE_H

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace sshost::parity {

struct Difference {
  double max_absolute = 0;  // the largest deviation of an element
  double relative = 0;      // the same, as a part of the largest expected element
  double argmax_equal = 1;  // the share of places whose largest element is the same one
};

// The argmax is taken over axis `classes`. Throws Error where the shapes differ.
Difference compare(const at::Tensor& found, const at::Tensor& expected, std::int64_t classes = 1);

// The share of elements that are equal.
double equal_share(const at::Tensor& found, const at::Tensor& expected);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_DIFFERENCE_H
