#include "layer/projection.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>

namespace sshost::layer {

Projection::Projection(state::Builder& builder, const std::string& prefix, const at::Tensor& weight, bool bias)
    : weight_(builder.parameter(prefix + "weight", weight)) {
  if (bias) bias_ = builder.parameter(prefix + "bias", at::zeros({weight.size(0)}, at::kFloat));
}

at::Tensor Projection::operator()(state::ExecutionContext& context, const at::Tensor& tokens) const {
  return at::linear(tokens, context.value(weight_), bias_ ? context.value(*bias_) : at::Tensor());
}

std::string stem_of(const std::string& layer) { return layer.empty() ? "" : layer + "."; }

std::optional<at::Tensor> added_of(const at::Tensor& bias, const at::Tensor& mask) {
  if (bias.defined() && mask.defined()) return bias + mask;
  if (bias.defined()) return bias;
  return mask.defined() ? std::optional(mask) : std::nullopt;
}

}  // namespace sshost::layer
