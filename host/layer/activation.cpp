#include "layer/activation.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/elu.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/hardsigmoid.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/prelu.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/relu6.h>
#include <ATen/ops/silu.h>

#include <utility>

namespace sshost::layer {

Activation::Activation(state::Builder& builder, std::string name, const ss_activation_spec& spec)
    : Layer(std::move(name)), kind_(spec.kind), slope_(spec.slope) {
  if (kind_ <= SS_ACTIVATION_NONE || kind_ > SS_ACTIVATION_ELU) {
    refuse("unknown ss_activation_kind " + std::to_string(kind_));
  }
  if (kind_ == SS_ACTIVATION_PRELU) {
    weight_ = builder.parameter(state::join_names(this->name(), "weight"), at::full({1}, slope_, at::kFloat));
  }
}

at::Tensor Activation::apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                             const at::Tensor& residual) const {
  return activate(context, only_input(inputs, residual));
}

at::Tensor Activation::activate_fresh(state::ExecutionContext& context, at::Tensor fresh) const {
  // In place on a view, autograd would rebuild the view's base: more work than a new tensor.
  const bool in_place = !fresh.is_view();
  if (in_place && kind_ == SS_ACTIVATION_RELU) return fresh.relu_();
  if (in_place && kind_ == SS_ACTIVATION_LEAKY_RELU && slope_ >= 0) return at::leaky_relu_(fresh, slope_);
  return activate(context, fresh);
}

at::Tensor Activation::activate(state::ExecutionContext& context, const at::Tensor& input) const {
  switch (kind_) {
    case SS_ACTIVATION_RELU:
      return at::relu(input);
    case SS_ACTIVATION_LEAKY_RELU:
      return at::leaky_relu(input, slope_);
    case SS_ACTIVATION_PRELU:
      return at::prelu(input, context.value(weight_));
    case SS_ACTIVATION_GELU:
      return at::gelu(input);
    case SS_ACTIVATION_SILU:
      return at::silu(input);
    case SS_ACTIVATION_RELU6:
      return at::relu6(input);
    case SS_ACTIVATION_HARDSWISH:
      return at::hardswish(input);
    case SS_ACTIVATION_HARDSIGMOID:
      return at::hardsigmoid(input);
    default:
      return at::elu(input, slope_);
  }
}

std::unique_ptr<Activation> make_activation(state::Builder& builder, std::string name, const ss_activation_spec* spec) {
  if (spec == nullptr || spec->kind == SS_ACTIVATION_NONE) return nullptr;
  return std::make_unique<Activation>(builder, std::move(name), *spec);
}

}  // namespace sshost::layer
