// Products and linear algebra, of matrices [..., m, n] in batches.
//
// See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_LINALG_HPP
#define SSHOST_OPS_LINALG_HPP

#include <string_view>
#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

template <class = void>
Tensor matmul(const Tensor& a, const Tensor& b) {
  return call<"aten::matmul">({a, b});
}
template <class = void>
Tensor bmm(const Tensor& a, const Tensor& b) {
  return call<"aten::bmm">({a, b});
}
template <class = void>
Tensor dot(const Tensor& a, const Tensor& b) {
  return call<"aten::dot">({a, b});
}
// c + a b.
template <class = void>
Tensor baddbmm(const Tensor& c, const Tensor& a, const Tensor& b) {
  return call<"aten::baddbmm">({c, a, b});
}
// As in NumPy: "nchw,kc->nkhw".
template <class = void>
Tensor einsum(std::string_view equation, const std::vector<Tensor>& parts) {
  return call<"aten::einsum">({equation, parts});
}
template <class = void>
Tensor inverse(const Tensor& x) {
  return call<"aten::linalg_inv">({x});
}
// x with a x = b.
template <class = void>
Tensor solve(const Tensor& a, const Tensor& b) {
  return call<"aten::linalg_solve">({a, b});
}
template <class = void>
Tensor cholesky(const Tensor& x) {
  return call<"aten::linalg_cholesky">({x});
}
// The norms are at least `epsilon`.
template <class = void>
Tensor cosine_similarity(const Tensor& a, const Tensor& b, int64_t axis, double epsilon = 1e-8) {
  return call<"aten::cosine_similarity">({a, b, axis, epsilon});
}
}  // namespace v1
}  // namespace ss

#endif
