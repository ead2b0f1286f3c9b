#include "block.hpp"

#include <sshost/ops/arithmetic.hpp>

namespace nn = ss::nn;

namespace {

nn::NormSpec layer_norm(const BlockSpec& spec) { return {.kind = SS_NORM_LAYER, .epsilon = spec.norm_epsilon}; }

}  // namespace

Block::Block(const ss::Builder& build, const BlockSpec& spec)
    : norm1_(build, "norm1", spec.channels, layer_norm(spec)),
      attention_(build, "attn", {.channels = spec.channels, .heads = spec.heads, .out_part = "proj."}),
      norm2_(build, "norm2", spec.channels, layer_norm(spec)),
      mlp_(build, {.channels = spec.channels, .hidden = spec.hidden, .dropout = spec.dropout}),
      dropout_(build, spec.dropout),
      drop_path_(build, spec.drop_path) {}

ss::Tensor Block::operator()(ss::Context& ctx, const ss::Tensor& tokens) const {
  const ss::Tensor attended = dropout_(ctx, attention_(ctx, norm1_(ctx, tokens)));
  const ss::Tensor x = tokens + drop_path_(ctx, attended);
  return x + drop_path_(ctx, mlp_(ctx, norm2_(ctx, x)));
}
