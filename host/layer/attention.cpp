#include "layer/attention.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/zeros.h>

#include "bridge/boundary.h"
#include "layer/initial.h"

namespace sshost::layer {

Attention::Attention(state::Builder& builder, const ss_attention_spec& spec)
    : Layer(std::string(bridge::view(spec.name))), channels_(spec.channels), heads_(spec.heads) {
  if (heads_ < 1 || channels_ < 1 || channels_ % heads_ != 0) {
    refuse("the number of heads must divide the channels, found " + std::to_string(heads_) + " for " +
           std::to_string(channels_));
  }
  // A part holds its own separator ("qkv.", "in_proj_"), so it is not joined by a dot of ours.
  const std::string stem = name().empty() ? "" : name() + ".";
  qkv_ = declare(builder, stem + std::string(bridge::view(spec.qkv_part)),
                 xavier_uniform({3 * channels_, channels_}, builder.generator()), spec.bias != 0);
  out_ = declare(builder, stem + std::string(bridge::view(spec.out_part)),
                 kaiming_uniform({channels_, channels_}, builder.generator()), spec.bias != 0);
}

Attention::Projection Attention::declare(state::Builder& builder, const std::string& prefix, const at::Tensor& weight,
                                         bool bias) const {
  Projection projection;
  projection.weight = builder.parameter(prefix + "weight", weight);
  if (bias) projection.bias = builder.parameter(prefix + "bias", at::zeros({weight.size(0)}, at::kFloat));
  return projection;
}

at::Tensor Attention::project(state::ExecutionContext& context, const Projection& projection, const at::Tensor& input) {
  return at::linear(input, context.value(projection.weight),
                    projection.bias ? context.value(*projection.bias) : at::Tensor());
}

at::Tensor Attention::attend(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& bias,
                             const at::Tensor& mask) const {
  if (tokens.dim() != 3 || tokens.size(2) != channels_) {
    refuse("expected tokens [N, L, " + std::to_string(channels_) + "], found " + c10::str(tokens.sizes()));
  }
  const int64_t batch = tokens.size(0);
  const int64_t length = tokens.size(1);
  const at::Tensor qkv = project(context, qkv_, tokens)
                             .reshape({batch, length, 3, heads_, channels_ / heads_})
                             .permute({2, 0, 3, 1, 4});  // [3, N, heads, L, width]
  std::optional<at::Tensor> added;
  if (bias.defined() && mask.defined()) {
    added = bias + mask;
  } else if (bias.defined() || mask.defined()) {
    added = bias.defined() ? bias : mask;
  }
  const at::Tensor mixed = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], added);
  return project(context, out_, mixed.transpose(1, 2).reshape({batch, length, channels_}));
}

}  // namespace sshost::layer
