#ifndef SSHOST_ONNX_SIZE_EXPRESSION_H
#define SSHOST_ONNX_SIZE_EXPRESSION_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "onnx/recording.h"

namespace sshost::onnx {

// The size of an axis of a tensor that the graph has, and what it was in each forward.
struct KnownSize {
  std::string tensor;
  int64_t axis = 0;
  Numbers numbers;
};

// A number as a function of sizes: floor((scale * first * second + offset) / divisor) * factor + shift, less `first`
// where `less_first` is set. Without `first` it is `shift`.
struct SizeExpression {
  const KnownSize* first = nullptr;
  const KnownSize* second = nullptr;
  int64_t scale = 1;
  int64_t offset = 0;
  int64_t divisor = 1;
  int64_t factor = 1;
  int64_t shift = 0;
  bool less_first = false;
};

// The first that gives the numbers in every forward, the simplest kinds before others, and of one kind that of the
// first known size: a size itself; a multiple of one; a whole quotient; what is missing to a multiple; a quotient,
// rounded down or up, and multiples of it; a product of two. What has another one of its kind beside it is not taken.
// Nothing where there is none. It points into `known`.
std::optional<SizeExpression> find_expression(const Numbers& numbers, const std::vector<KnownSize>& known);

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_SIZE_EXPRESSION_H
