#include "merging.hpp"

#include <sshost/ops/shape.hpp>

#include "window.hpp"

namespace nn = ss::nn;

PatchMerging::PatchMerging(const ss::Builder& build, int64_t channels)
    : channels_(channels),
      norm_(build, "norm", 4 * channels, nn::layer_norm),
      reduction_(build, "reduction", {.in = 4 * channels, .out = 2 * channels, .bias = false}) {}

ss::Tensor PatchMerging::operator()(ss::Context& ctx, const ss::Tensor& tokens, ss::Size size) const {
  const ss::Size half = merged(size);
  const ss::Tensor map = padded(ss::reshape(tokens, {tokens.size(0), size.height, size.width, channels_}),
                                {2 * half.height, 2 * half.width});
  const ss::Tensor cut = ss::reshape(map, {tokens.size(0), half.height, 2, half.width, 2, channels_});
  const ss::Tensor gathered =
      ss::reshape(ss::permute(cut, {0, 1, 3, 5, 2, 4}), {tokens.size(0), half.height * half.width, 4 * channels_});
  return reduction_(ctx, norm_(ctx, gathered));
}
