// Arithmetic, comparison and functions of single elements. Two tensors are broadcast to a common shape, as in PyTorch.
//
// Comparisons give a boolean tensor. See Note [Templates without a parameter to deduce] in call.hpp.
#ifndef SSHOST_OPS_ARITHMETIC_HPP
#define SSHOST_OPS_ARITHMETIC_HPP

#include <vector>

#include "../call.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

template <class = void>
Tensor operator+(const Tensor& a, const Tensor& b) {
  return call<"aten::add.Tensor">({a, b});
}
template <Number T>
Tensor operator+(const Tensor& a, T b) {
  return call<"aten::add.Scalar">({a, b});
}
template <class = void>
Tensor operator-(const Tensor& a, const Tensor& b) {
  return call<"aten::sub.Tensor">({a, b});
}
template <Number T>
Tensor operator-(const Tensor& a, T b) {
  return call<"aten::sub.Scalar">({a, b});
}
template <class = void>
Tensor operator*(const Tensor& a, const Tensor& b) {
  return call<"aten::mul.Tensor">({a, b});
}
template <Number T>
Tensor operator*(const Tensor& a, T b) {
  return call<"aten::mul.Scalar">({a, b});
}
template <class = void>
Tensor operator/(const Tensor& a, const Tensor& b) {
  return call<"aten::div.Tensor">({a, b});
}
template <Number T>
Tensor operator/(const Tensor& a, T b) {
  return call<"aten::div.Scalar">({a, b});
}
template <Number T>
Tensor operator+(T a, const Tensor& b) {
  return b + a;
}
template <Number T>
Tensor operator*(T a, const Tensor& b) {
  return b * a;
}
template <Number T>
Tensor operator-(T a, const Tensor& b) {
  return call<"aten::rsub.Scalar">({b, a});
}
template <Number T>
Tensor operator/(T a, const Tensor& b) {
  return call<"aten::reciprocal">({b}) * a;
}
template <class = void>
Tensor operator-(const Tensor& x) {
  return call<"aten::neg">({x});
}

template <class = void>
Tensor operator==(const Tensor& a, const Tensor& b) {
  return call<"aten::eq.Tensor">({a, b});
}
template <Number T>
Tensor operator==(const Tensor& a, T b) {
  return call<"aten::eq.Scalar">({a, b});
}
template <class = void>
Tensor operator!=(const Tensor& a, const Tensor& b) {
  return call<"aten::ne.Tensor">({a, b});
}
template <Number T>
Tensor operator!=(const Tensor& a, T b) {
  return call<"aten::ne.Scalar">({a, b});
}
template <class = void>
Tensor operator<(const Tensor& a, const Tensor& b) {
  return call<"aten::lt.Tensor">({a, b});
}
template <Number T>
Tensor operator<(const Tensor& a, T b) {
  return call<"aten::lt.Scalar">({a, b});
}
template <class = void>
Tensor operator<=(const Tensor& a, const Tensor& b) {
  return call<"aten::le.Tensor">({a, b});
}
template <Number T>
Tensor operator<=(const Tensor& a, T b) {
  return call<"aten::le.Scalar">({a, b});
}
template <class = void>
Tensor operator>(const Tensor& a, const Tensor& b) {
  return call<"aten::gt.Tensor">({a, b});
}
template <Number T>
Tensor operator>(const Tensor& a, T b) {
  return call<"aten::gt.Scalar">({a, b});
}
template <class = void>
Tensor operator>=(const Tensor& a, const Tensor& b) {
  return call<"aten::ge.Tensor">({a, b});
}
template <Number T>
Tensor operator>=(const Tensor& a, T b) {
  return call<"aten::ge.Scalar">({a, b});
}

template <class = void>
Tensor logical_and(const Tensor& a, const Tensor& b) {
  return call<"aten::logical_and">({a, b});
}
template <class = void>
Tensor logical_or(const Tensor& a, const Tensor& b) {
  return call<"aten::logical_or">({a, b});
}
template <class = void>
Tensor logical_not(const Tensor& x) {
  return call<"aten::logical_not">({x});
}
template <class = void>
Tensor maximum(const Tensor& a, const Tensor& b) {
  return call<"aten::maximum">({a, b});
}
template <class = void>
Tensor minimum(const Tensor& a, const Tensor& b) {
  return call<"aten::minimum">({a, b});
}

template <class = void>
Tensor abs(const Tensor& x) {
  return call<"aten::abs">({x});
}
template <class = void>
Tensor exp(const Tensor& x) {
  return call<"aten::exp">({x});
}
template <class = void>
Tensor log(const Tensor& x) {
  return call<"aten::log">({x});
}
template <class = void>
Tensor sqrt(const Tensor& x) {
  return call<"aten::sqrt">({x});
}
template <class = void>
Tensor rsqrt(const Tensor& x) {
  return call<"aten::rsqrt">({x});
}
template <class = void>
Tensor reciprocal(const Tensor& x) {
  return call<"aten::reciprocal">({x});
}
template <class = void>
Tensor square(const Tensor& x) {
  return call<"aten::square">({x});
}
template <class = void>
Tensor floor(const Tensor& x) {
  return call<"aten::floor">({x});
}
template <class = void>
Tensor round(const Tensor& x) {
  return call<"aten::round">({x});
}
template <class = void>
Tensor sin(const Tensor& x) {
  return call<"aten::sin">({x});
}
template <class = void>
Tensor cos(const Tensor& x) {
  return call<"aten::cos">({x});
}
template <class = void>
Tensor isfinite(const Tensor& x) {
  return call<"aten::isfinite">({x});
}
template <Number T>
Tensor pow(const Tensor& x, T exponent) {
  return call<"aten::pow.Tensor_Scalar">({x, exponent});
}
template <Number T>
Tensor clamp_min(const Tensor& x, T minimum) {
  return call<"aten::clamp_min">({x, minimum});
}
template <Number T>
Tensor clamp_max(const Tensor& x, T maximum) {
  return call<"aten::clamp_max">({x, maximum});
}
template <Number T>
Tensor clamp(const Tensor& x, T minimum, T maximum) {
  return call<"aten::clamp">({x, minimum, maximum});
}
}  // namespace v1
}  // namespace ss

#endif
