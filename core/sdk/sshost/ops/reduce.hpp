// Sums, means, extremes and order statistics over axes.
//
// See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_REDUCE_HPP
#define SSHOST_OPS_REDUCE_HPP

#include <utility>
#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

template <class = void>
Tensor sum(const Tensor& x) {
  return call<"aten::sum">({x});
}
// `keep` leaves the axes with size 1.
template <class = void>
Tensor sum(const Tensor& x, Ints axes, bool keep = false) {
  return call<"aten::sum.dim_IntList">({x, axes, keep});
}
template <class = void>
Tensor mean(const Tensor& x) {
  return call<"aten::mean">({x});
}
template <class = void>
Tensor mean(const Tensor& x, Ints axes, bool keep = false) {
  return call<"aten::mean.dim">({x, axes, keep});
}
// `correction` 1 is the unbiased estimate, 0 the mean of squares.
template <class = void>
Tensor variance(const Tensor& x, Ints axes, int64_t correction, bool keep = false) {
  return call<"aten::var.correction">({x, axes, correction, keep});
}
template <class = void>
Tensor standard_deviation(const Tensor& x, Ints axes, int64_t correction, bool keep = false) {
  return call<"aten::std.correction">({x, axes, correction, keep});
}
// Euclidean length.
template <class = void>
Tensor norm(const Tensor& x, Ints axes, bool keep = false) {
  return call<"aten::linalg_vector_norm">({x, 2, axes, keep});
}
template <class = void>
Tensor max(const Tensor& x) {
  return call<"aten::max">({x});
}
// Values alone; `argmax` gives the places.
template <class = void>
Tensor max(const Tensor& x, int64_t axis, bool keep = false) {
  return call<"aten::amax">({x, {axis}, keep});
}
template <class = void>
Tensor min(const Tensor& x) {
  return call<"aten::min">({x});
}
template <class = void>
Tensor min(const Tensor& x, int64_t axis, bool keep = false) {
  return call<"aten::amin">({x, {axis}, keep});
}
template <class = void>
Tensor argmax(const Tensor& x, int64_t axis, bool keep = false) {
  return call<"aten::argmax">({x, axis, keep});
}
template <class = void>
Tensor argmin(const Tensor& x, int64_t axis, bool keep = false) {
  return call<"aten::argmin">({x, axis, keep});
}
template <class = void>
Tensor any(const Tensor& x) {
  return call<"aten::any">({x});
}
template <class = void>
Tensor all(const Tensor& x) {
  return call<"aten::all">({x});
}
template <class = void>
Tensor cumsum(const Tensor& x, int64_t axis) {
  return call<"aten::cumsum">({x, axis});
}
// How often each of 0 .. bins - 1 occurs in an integer vector.
template <class = void>
Tensor bincount(const Tensor& x, int64_t bins) {
  return call<"aten::bincount">({x, none, bins});
}
// The `k` largest and their places.
template <class = void>
std::pair<Tensor, Tensor> topk(const Tensor& x, int64_t k, int64_t axis = -1) {
  std::vector<Tensor> results = call_list<"aten::topk">({x, k, axis});
  return {results.at(0), results.at(1)};
}
// Sorted values and their places.
template <class = void>
std::pair<Tensor, Tensor> sort(const Tensor& x, int64_t axis = -1, bool descending = false) {
  std::vector<Tensor> results = call_list<"aten::sort">({x, axis, descending});
  return {results.at(0), results.at(1)};
}
}  // namespace v1
}  // namespace ss

#endif
