// Reading and writing by index. Indices are int64 tensors, masks boolean ones.
//
// See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_INDEX_HPP
#define SSHOST_OPS_INDEX_HPP

#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// a where the mask is true, else b.
template <class = void>
Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b) {
  return call<"aten::where.self">({mask, a, b});
}
template <Number T>
Tensor where(const Tensor& mask, const Tensor& a, T b) {
  return call<"aten::where.ScalarOther">({mask, a, b});
}
template <Number T>
Tensor masked_fill(const Tensor& x, const Tensor& mask, T value) {
  return call<"aten::masked_fill.Scalar">({x, mask, value});
}
// The elements under the mask, as a vector.
template <class = void>
Tensor masked_select(const Tensor& x, const Tensor& mask) {
  return call<"aten::masked_select">({x, mask});
}
// The places of elements that are not zero: [count, dim].
template <class = void>
Tensor nonzero(const Tensor& x) {
  return call<"aten::nonzero">({x});
}
// out[i][j] = x[index[i][j]][j], for axis 0.
template <class = void>
Tensor gather(const Tensor& x, int64_t axis, const Tensor& index) {
  return call<"aten::gather">({x, axis, index});
}
// Whole slices along `axis`, by a vector of places.
template <class = void>
Tensor index_select(const Tensor& x, int64_t axis, const Tensor& index) {
  return call<"aten::index_select">({x, axis, index});
}
// A copy of x to which slices of `source` are added at the places of `index`.
template <class = void>
Tensor index_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  return call<"aten::index_add">({x, axis, index, source});
}
// A copy of x in which slices are replaced.
template <class = void>
Tensor index_copy(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  return call<"aten::index_copy">({x, axis, index, source});
}
// A copy of x with x[index[i][j]][j] = source[i][j], for axis 0.
template <class = void>
Tensor scatter(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  return call<"aten::scatter.src">({x, axis, index, source});
}
// The same, adding.
template <class = void>
Tensor scatter_add(const Tensor& x, int64_t axis, const Tensor& index, const Tensor& source) {
  return call<"aten::scatter_add">({x, axis, index, source});
}
}  // namespace v1
}  // namespace ss

#endif
