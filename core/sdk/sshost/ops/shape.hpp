// Shape, order and element type. What can be a view of the same elements is one, as in PyTorch.
//
// See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_SHAPE_HPP
#define SSHOST_OPS_SHAPE_HPP

#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// One size may be -1: what is left.
template <class = void>
Tensor reshape(const Tensor& x, Ints sizes) {
  return call<"aten::reshape">({x, sizes});
}
// The axes from `first` to `last` become one.
template <class = void>
Tensor flatten(const Tensor& x, int64_t first = 0, int64_t last = -1) {
  return call<"aten::flatten.using_ints">({x, first, last});
}
template <class = void>
Tensor permute(const Tensor& x, Ints axes) {
  return call<"aten::permute">({x, axes});
}
// Swaps two axes.
template <class = void>
Tensor transpose(const Tensor& x, int64_t a, int64_t b) {
  return call<"aten::transpose.int">({x, a, b});
}
// A new axis of size 1.
template <class = void>
Tensor unsqueeze(const Tensor& x, int64_t axis) {
  return call<"aten::unsqueeze">({x, axis});
}
// Removes an axis of size 1.
template <class = void>
Tensor squeeze(const Tensor& x, int64_t axis) {
  return call<"aten::squeeze.dim">({x, axis});
}
// Repeats axes of size 1 without a copy; -1 keeps an axis.
template <class = void>
Tensor expand(const Tensor& x, Ints sizes) {
  return call<"aten::expand">({x, sizes});
}
template <class = void>
Tensor expand_as(const Tensor& x, const Tensor& other) {
  return call<"aten::expand_as">({x, other});
}
template <class = void>
Tensor contiguous(const Tensor& x) {
  return call<"aten::contiguous">({x});
}
template <class = void>
Tensor clone(const Tensor& x) {
  return call<"aten::clone">({x});
}
// The same elements without their gradient.
template <class = void>
Tensor detach(const Tensor& x) {
  return call<"aten::detach">({x});
}
template <class = void>
Tensor to(const Tensor& x, Dtype dtype) {
  return call<"aten::to.dtype">({x, dtype});
}
// To the element type and device of `other`.
template <class = void>
Tensor to_like(const Tensor& x, const Tensor& other) {
  return call<"aten::to.other">({x, other});
}

// Along an axis that the parts have. A convolution over `parts` needs none: it takes several inputs (nn/conv.hpp).
template <class = void>
Tensor cat(const std::vector<Tensor>& parts, int64_t axis) {
  return call<"aten::cat">({parts, axis});
}
// Along a new axis.
template <class = void>
Tensor stack(const std::vector<Tensor>& parts, int64_t axis) {
  return call<"aten::stack">({parts, axis});
}
// `count` equal parts.
template <class = void>
std::vector<Tensor> chunk(const Tensor& x, int64_t count, int64_t axis) {
  return call_list<"aten::chunk">({x, count, axis});
}
template <class = void>
std::vector<Tensor> split(const Tensor& x, Ints sizes, int64_t axis) {
  return call_list<"aten::split_with_sizes">({x, sizes, axis});
}
template <class = void>
std::vector<Tensor> unbind(const Tensor& x, int64_t axis) {
  return call_list<"aten::unbind.int">({x, axis});
}

// x[index] along `axis`, which goes.
template <class = void>
Tensor select(const Tensor& x, int64_t axis, int64_t index) {
  return call<"aten::select.int">({x, axis, index});
}
template <class = void>
Tensor narrow(const Tensor& x, int64_t axis, int64_t start, int64_t length) {
  return call<"aten::narrow">({x, axis, start, length});
}
// [start, end) along `axis`; negative ends count from the back.
template <class = void>
Tensor slice(const Tensor& x, int64_t axis, int64_t start, int64_t end, int64_t step = 1) {
  return call<"aten::slice.Tensor">({x, axis, start, end, step});
}
template <class = void>
Tensor roll(const Tensor& x, Ints shifts, Ints axes) {
  return call<"aten::roll">({x, shifts, axes});
}
template <class = void>
Tensor flip(const Tensor& x, Ints axes) {
  return call<"aten::flip">({x, axes});
}
// Amounts from the last axis on: {left, right, top, bottom, ...}; negative ones cut.
template <class = void>
Tensor pad(const Tensor& x, Ints amounts, double value = 0) {
  return call<"aten::constant_pad_nd">({x, amounts, value});
}
}  // namespace v1
}  // namespace ss

#endif
