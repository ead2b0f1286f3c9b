#include "layer/cross_attention.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/scaled_dot_product_attention.h>

#include "base/error.h"
#include "bridge/boundary.h"
#include "layer/initial.h"

namespace sshost::layer {
namespace {

// The spec, checked before anything is declared.
const ss_cross_attention_spec& checked(const ss_cross_attention_spec& spec) {
  const std::string layer = "layer \"" + std::string(bridge::view(spec.name)) + "\": ";
  if (spec.source_channels < 1) {
    throw Error(layer + "source_channels must be at least 1, found " + std::to_string(spec.source_channels));
  }
  if (spec.heads >= 1 && spec.channels >= 1 && spec.channels % spec.heads == 0) return spec;
  throw Error(layer + "the number of heads must divide the channels, found " + std::to_string(spec.heads) + " for " +
              std::to_string(spec.channels));
}

std::string prefix_of(const ss_cross_attention_spec& spec, ss_string part) {
  return stem_of(std::string(bridge::view(spec.name))) + std::string(bridge::view(part));
}

}  // namespace

CrossAttention::CrossAttention(state::Builder& builder, const ss_cross_attention_spec& spec)
    : Layer(std::string(bridge::view(checked(spec).name))),
      channels_(spec.channels),
      source_channels_(spec.source_channels),
      heads_(spec.heads),
      query_(builder, prefix_of(spec, spec.query_part), xavier_uniform({channels_, channels_}, builder.generator()),
             spec.bias != 0),
      key_value_(builder, prefix_of(spec, spec.key_value_part),
                 xavier_uniform({2 * channels_, source_channels_}, builder.generator()), spec.bias != 0),
      out_(builder, prefix_of(spec, spec.out_part), kaiming_uniform({channels_, channels_}, builder.generator()),
           spec.bias != 0) {}

void CrossAttention::require_tokens(const char* what, const at::Tensor& tokens, int64_t channels) const {
  if (tokens.dim() == 3 && tokens.size(2) == channels) return;
  refuse(std::string("expected ") + what + ", " + std::to_string(channels) + "], found " + c10::str(tokens.sizes()));
}

at::Tensor CrossAttention::attend_to(state::ExecutionContext& context, const at::Tensor& tokens,
                                     const at::Tensor& source, const at::Tensor& bias, const at::Tensor& mask) const {
  require_tokens("tokens [N, L", tokens, channels_);
  require_tokens("a source [N, S", source, source_channels_);
  const int64_t batch = tokens.size(0);
  if (source.size(0) != batch) {
    refuse("expected a source of " + std::to_string(batch) + " images, as the tokens have, found " +
           c10::str(source.sizes()));
  }
  const int64_t width = channels_ / heads_;
  const at::Tensor query = query_(context, tokens).view({batch, -1, heads_, width}).transpose(1, 2);
  const at::Tensor both =
      key_value_(context, source).view({batch, -1, 2, heads_, width}).permute({2, 0, 3, 1, 4});  // [2, N, heads, S, w]
  const at::Tensor mixed = at::scaled_dot_product_attention(query, both[0], both[1], added_of(bias, mask));
  return out_(context, mixed.transpose(1, 2).reshape({batch, tokens.size(1), channels_}));
}

}  // namespace sshost::layer
