#include "block.hpp"

#include <sshost/ops/arithmetic.hpp>
#include <sshost/ops/index.hpp>
#include <sshost/ops/shape.hpp>

#include "window.hpp"

namespace nn = ss::nn;

namespace {

int64_t offsets(int64_t window) { return (2 * window - 1) * (2 * window - 1); }

nn::StateSpec index_state(int64_t window) {
  const int64_t pixels = window * window;
  return {.initial = nn::values_of(ss::Tensor::from(relative_position_index(window), {pixels, pixels})),
          .dtype = ss::Dtype::int64,
          .persistent = false};
}

// For every image the same: [windows, L, L] -> [images * windows, 1, L, L].
ss::Tensor for_images(const ss::Tensor& mask, int64_t images) {
  const int64_t windows = mask.size(0), pixels = mask.size(1);
  const ss::Tensor repeated = ss::expand(ss::reshape(mask, {1, windows, 1, pixels, pixels}), {images, -1, -1, -1, -1});
  return ss::reshape(repeated, {images * windows, 1, pixels, pixels});
}

}  // namespace

Block::Block(const ss::Builder& build, const BlockSpec& spec)
    : spec_(spec),
      norm1_(build, "norm1", spec.channels, nn::layer_norm),
      bias_table_(build.scope("attn"), "relative_position_bias_table", {offsets(spec.window), spec.heads}),
      bias_index_(build.scope("attn"), "relative_position_index",
                  {spec.window * spec.window, spec.window * spec.window}, index_state(spec.window)),
      attention_(build, "attn", {.channels = spec.channels, .heads = spec.heads, .out_part = "proj."}),
      norm2_(build, "norm2", spec.channels, nn::layer_norm),
      mlp_(build, {.channels = spec.channels, .hidden = spec.hidden, .dropout = spec.dropout}),
      dropout_(build, spec.dropout),
      drop_path_(build, spec.drop_path) {}

ss::Tensor Block::operator()(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size, const ss::Tensor& mask) const {
  const ss::Tensor attended = attend(ctx, norm1_(ctx, tokens), size, mask);
  const ss::Tensor x = tokens + drop_path_(ctx, dropout_(ctx, attended));
  return x + drop_path_(ctx, mlp_(ctx, norm2_(ctx, x)));
}

ss::Tensor Block::attend(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size, const ss::Tensor& mask) const {
  const int64_t images = tokens.size(0);
  const ss::Size whole = whole_windows(size, spec_.window);
  ss::Tensor map = ss::reshape(tokens, {images, size.height, size.width, spec_.channels});
  map = padded(map, whole);
  if (spec_.shift > 0) map = ss::roll(map, {-spec_.shift, -spec_.shift}, {1, 2});

  const ss::Tensor apart = spec_.shift > 0 ? for_images(mask, images) : ss::Tensor();
  const ss::Tensor attended = attention_(ctx, to_windows(map, spec_.window), bias(ctx), apart);

  map = from_windows(attended, whole, spec_.window);
  if (spec_.shift > 0) map = ss::roll(map, {spec_.shift, spec_.shift}, {1, 2});
  if (whole != size) map = ss::narrow(ss::narrow(map, 1, 0, size.height), 2, 0, size.width);
  return ss::reshape(map, {images, size.height * size.width, spec_.channels});
}

// [1, heads, window^2, window^2], added to the logits of every window.
ss::Tensor Block::bias(ss::Context& ctx) const {
  const int64_t pixels = spec_.window * spec_.window;
  const ss::Tensor of_pairs = ss::index_select(bias_table_(ctx), 0, ss::flatten(bias_index_(ctx)));
  const ss::Tensor by_head = ss::permute(ss::reshape(of_pairs, {1, pixels, pixels, spec_.heads}), {0, 3, 1, 2});
  return ss::contiguous(by_head);
}
