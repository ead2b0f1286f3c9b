#include "layer/attention.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include "base/error.h"
#include "bridge/boundary.h"
#include "layer/initial.h"

namespace sshost::layer {
namespace {

// The spec, checked before anything is declared.
const ss_attention_spec& checked(const ss_attention_spec& spec) {
  if (spec.heads >= 1 && spec.channels >= 1 && spec.channels % spec.heads == 0) return spec;
  throw Error("layer \"" + std::string(bridge::view(spec.name)) +
              "\": the number of heads must divide the channels, found " + std::to_string(spec.heads) + " for " +
              std::to_string(spec.channels));
}

std::string prefix_of(const ss_attention_spec& spec, ss_string part) {
  return stem_of(std::string(bridge::view(spec.name))) + std::string(bridge::view(part));
}

}  // namespace

Attention::Attention(state::Builder& builder, const ss_attention_spec& spec)
    : Layer(std::string(bridge::view(checked(spec).name))),
      channels_(spec.channels),
      heads_(spec.heads),
      qkv_(builder, prefix_of(spec, spec.qkv_part), xavier_uniform({3 * channels_, channels_}, builder.generator()),
           spec.bias != 0),
      out_(builder, prefix_of(spec, spec.out_part), kaiming_uniform({channels_, channels_}, builder.generator()),
           spec.bias != 0) {}

at::Tensor Attention::attend(state::ExecutionContext& context, const at::Tensor& tokens, const at::Tensor& bias,
                             const at::Tensor& mask) const {
  if (tokens.dim() != 3 || tokens.size(2) != channels_) {
    refuse("expected tokens [N, L, " + std::to_string(channels_) + "], found " + c10::str(tokens.sizes()));
  }
  const int64_t batch = tokens.size(0);
  const int64_t length = tokens.size(1);
  const at::Tensor qkv = qkv_(context, tokens)
                             .reshape({batch, length, 3, heads_, channels_ / heads_})
                             .permute({2, 0, 3, 1, 4});  // [3, N, heads, L, width]
  const at::Tensor mixed = at::scaled_dot_product_attention(qkv[0], qkv[1], qkv[2], added_of(bias, mask));
  return out_(context, mixed.transpose(1, 2).reshape({batch, length, channels_}));
}

}  // namespace sshost::layer
