// New tensors. `like` gives the device and, unless one is given, the element type.
//
// See Note [Templates without a parameter to deduce] in call.hpp; random numbers come from the context (context.hpp).
#ifndef SSHOST_OPS_CREATE_HPP
#define SSHOST_OPS_CREATE_HPP

#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

template <class = void>
Tensor zeros(Ints sizes, const Tensor& like) {
  return call<"aten::new_zeros">({like, sizes});
}
template <class = void>
Tensor zeros(Ints sizes, const Tensor& like, Dtype dtype) {
  return call<"aten::new_zeros">({like, sizes, dtype});
}
template <class = void>
Tensor ones(Ints sizes, const Tensor& like) {
  return call<"aten::new_ones">({like, sizes});
}
template <class = void>
Tensor ones(Ints sizes, const Tensor& like, Dtype dtype) {
  return call<"aten::new_ones">({like, sizes, dtype});
}
template <Number T>
Tensor full(Ints sizes, T value, const Tensor& like) {
  return call<"aten::new_full">({like, sizes, value});
}
template <Number T>
Tensor full(Ints sizes, T value, const Tensor& like, Dtype dtype) {
  return call<"aten::new_full">({like, sizes, value, dtype});
}
template <class = void>
Tensor zeros_like(const Tensor& like) {
  return call<"aten::zeros_like">({like});
}
template <class = void>
Tensor ones_like(const Tensor& like) {
  return call<"aten::ones_like">({like});
}
template <Number T>
Tensor full_like(const Tensor& like, T value) {
  return call<"aten::full_like">({like, value});
}
// 0, 1, .. end - 1.
template <class = void>
Tensor arange(int64_t end, const Tensor& like, Dtype dtype = Dtype::int64) {
  return call<"aten::arange">({end, dtype, none, DeviceOf(like)});
}
// The n x n identity.
template <class = void>
Tensor eye(int64_t n, const Tensor& like) {
  return call<"aten::eye">({n, like.dtype(), none, DeviceOf(like)});
}
// int64 [...] -> int64 [..., count]; every class lies in [0, count).
template <class = void>
Tensor one_hot(const Tensor& classes, int64_t count) {
  return call<"aten::one_hot">({classes, count});
}
}  // namespace v1
}  // namespace ss

#endif
