#include "layer/linear.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>

#include "bridge/boundary.h"
#include "layer/initial.h"

namespace sshost::layer {

Linear::Linear(state::Builder& builder, const ss_linear_spec& spec) : Layer(std::string(bridge::view(spec.name))) {
  if (spec.in_features < 1 || spec.out_features < 1) {
    refuse("in_features and out_features must be at least 1, found " + std::to_string(spec.in_features) + " and " +
           std::to_string(spec.out_features));
  }
  if (spec.activation != nullptr && spec.activation->kind == SS_ACTIVATION_PRELU) {
    refuse("a prelu here would share the name of the weight; declare it as an activation of its own");
  }
  const at::Tensor weight = kaiming_uniform({spec.out_features, spec.in_features}, builder.generator());
  weight_ = builder.parameter(state::join_names(name(), "weight"), weight);
  if (spec.bias != 0) {
    bias_ = builder.parameter(state::join_names(name(), "bias"),
                              default_bias(spec.out_features, weight, builder.generator()));
  }
  activation_ = make_activation(builder, name(), spec.activation);
}

at::Tensor Linear::apply(state::ExecutionContext& context, std::span<const at::Tensor> inputs,
                         const at::Tensor& residual) const {
  const at::Tensor& input = only_input(inputs, residual);
  at::Tensor output = at::linear(input, context.value(weight_), bias_ ? context.value(*bias_) : at::Tensor());
  return activation_ ? activation_->activate_fresh(context, std::move(output)) : output;
}

}  // namespace sshost::layer
