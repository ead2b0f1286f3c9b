// Element types of tensors, and of the maps of samples.
#ifndef SSHOST_DTYPE_HPP
#define SSHOST_DTYPE_HPP

#include <sshost/abi/tensor.h>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

enum class Dtype : ss_dtype {
  uint8 = SS_UINT8,
  int8 = SS_INT8,
  int16 = SS_INT16,
  int32 = SS_INT32,
  int64 = SS_INT64,
  float16 = SS_FLOAT16,
  float32 = SS_FLOAT32,
  float64 = SS_FLOAT64,
  boolean = SS_BOOL,
  bfloat16 = SS_BFLOAT16
};

namespace detail {

template <class T>
inline constexpr Dtype dtype_of = [] {
  static_assert(sizeof(T) == 0, "no tensor has elements of this type");
  return Dtype::uint8;
}();
template <>
inline constexpr Dtype dtype_of<uint8_t> = Dtype::uint8;
template <>
inline constexpr Dtype dtype_of<int32_t> = Dtype::int32;
template <>
inline constexpr Dtype dtype_of<int64_t> = Dtype::int64;
template <>
inline constexpr Dtype dtype_of<float> = Dtype::float32;
template <>
inline constexpr Dtype dtype_of<double> = Dtype::float64;

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
