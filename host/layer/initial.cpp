#include "layer/initial.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <cmath>
#include <string>

#include "base/error.h"
#include "bridge/handle.h"

namespace sshost::layer {
namespace {

// Elements of the weight that one output element sees, as PyTorch counts them (for a transposed convolution too).
int64_t fan_in_of(at::IntArrayRef sizes) {
  int64_t fan_in = 1;
  for (std::size_t axis = 1; axis < sizes.size(); ++axis) fan_in *= sizes[axis];
  return fan_in;
}

at::Tensor uniform(at::IntArrayRef sizes, double from, double to, at::Generator& generator) {
  const at::Tensor value = at::empty(sizes, at::kFloat);
  return generator.defined() ? value.uniform_(from, to, generator) : value;
}

at::Tensor normal(at::IntArrayRef sizes, double mean, double deviation, at::Generator& generator) {
  const at::Tensor value = at::empty(sizes, at::kFloat);
  return generator.defined() ? value.normal_(mean, deviation, generator) : value;
}

// By inversion of the cumulative distribution: each element costs one draw.
at::Tensor truncated_normal(at::IntArrayRef sizes, double mean, double deviation, at::Generator& generator) {
  const double inside = std::erf(std::sqrt(2.0));  // of the mass, within two deviations
  const at::Tensor value = uniform(sizes, -inside, inside, generator);
  if (!generator.defined()) return value;
  return value.erfinv_().mul_(deviation * std::sqrt(2.0)).add_(mean).clamp_(mean - 2 * deviation, mean + 2 * deviation);
}

at::ScalarType scalar_type(ss_dtype dtype) {
  switch (dtype) {
    case SS_UINT8:
    case SS_INT8:
    case SS_INT16:
    case SS_INT32:
    case SS_INT64:
    case SS_FLOAT16:
    case SS_FLOAT32:
    case SS_FLOAT64:
    case SS_BOOL:
    case SS_BFLOAT16:
      return static_cast<at::ScalarType>(dtype);
    default:
      throw Error("unknown ss_dtype " + std::to_string(dtype));
  }
}

at::Tensor copy_of_data(const ss_state_spec& spec, at::IntArrayRef sizes) {
  const at::Tensor data = bridge::borrow(spec.data);
  if (!data.defined()) throw Error("SS_INITIAL_DATA needs `data`, found NULL");
  if (data.sizes() != sizes) {
    throw Error("`data` has the shape " + c10::str(data.sizes()) + ", expected " + c10::str(sizes));
  }
  return data.detach().clone();
}

at::Tensor drawn(const ss_state_spec& spec, at::IntArrayRef sizes, at::Generator& generator) {
  switch (spec.initial) {
    case SS_INITIAL_CONSTANT:
      return at::full(sizes, spec.a, at::kDouble);
    case SS_INITIAL_NORMAL:
      return normal(sizes, spec.a, spec.b, generator);
    case SS_INITIAL_UNIFORM:
      return uniform(sizes, spec.a, spec.b, generator);
    case SS_INITIAL_TRUNCATED_NORMAL:
      return truncated_normal(sizes, spec.a, spec.b, generator);
    case SS_INITIAL_DATA:
      return copy_of_data(spec, sizes);
    default:
      throw Error("unknown ss_initial_kind " + std::to_string(spec.initial));
  }
}

}  // namespace

at::Tensor kaiming_uniform(at::IntArrayRef sizes, at::Generator& generator) {
  const double gain = std::sqrt(2.0 / (1.0 + 5.0));
  const double bound = std::sqrt(3.0) * gain / std::sqrt(static_cast<double>(fan_in_of(sizes)));
  return uniform(sizes, -bound, bound, generator);
}

at::Tensor xavier_uniform(at::IntArrayRef sizes, at::Generator& generator) {
  const double bound = std::sqrt(3.0) * std::sqrt(2.0 / static_cast<double>(sizes[0] + sizes[1]));
  return uniform(sizes, -bound, bound, generator);
}

at::Tensor default_bias(int64_t size, const at::Tensor& weight, at::Generator& generator) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(fan_in_of(weight.sizes())));
  return uniform({size}, -bound, bound, generator);
}

at::Tensor initial_value(const ss_state_spec& spec, at::Generator& generator) {
  if (spec.dim < 0 || (spec.dim > 0 && spec.sizes == nullptr)) throw Error("`sizes` is NULL, or `dim` negative");
  const at::IntArrayRef sizes(spec.sizes, static_cast<std::size_t>(spec.dim));
  for (const int64_t size : sizes) {
    if (size < 0) throw Error("`sizes` must not be negative, found " + c10::str(sizes));
  }
  return drawn(spec, sizes, generator).to(scalar_type(spec.dtype));
}

}  // namespace sshost::layer
