#include "soft_mining.hpp"

#include <sshost/ops.hpp>

namespace mcibiplusplus {
namespace {

ss::nn::ConvSpec convolution(int64_t in, int64_t out, int64_t stride, const ss::nn::ActivationSpec& activation) {
  return {.in = in, .out = out, .kernel = 3, .stride = stride, .norm = ss::nn::batch_norm, .activation = activation};
}

}  // namespace

SoftMining::SoftMining(const ss::Builder& build, const Options& options, const ss::nn::ActivationSpec& activation)
    : attention_(build.scope("attention"),
                 {.query = options.channels, .key = options.channels, .transform = options.transform_channels},
                 activation),
      fuse_(build, "fuse", convolution(2 * options.channels, options.channels, 1, activation)) {
  if (!options.downsample_before_attention) return;
  downsample_.emplace(build, "downsample", convolution(options.channels, options.channels, 2, activation));
}

ss::Tensor SoftMining::operator()(ss::Context& ctx, const ss::Tensor& pixels, const ss::Tensor& weights,
                                  const ss::Tensor& vectors) const {
  const ss::Tensor mined = ss::matmul(ss::permute(weights, {0, 2, 3, 1}), ss::to_like(vectors, weights));
  const ss::Tensor attended = attend(ctx, pixels, ss::contiguous(ss::permute(mined, {0, 3, 1, 2})));
  return fuse_(ctx, {pixels, attended});  // resizes what was attended to at half the size
}

ss::Tensor SoftMining::attend(ss::Context& ctx, const ss::Tensor& pixels, const ss::Tensor& mined) const {
  if (!downsample_) return attention_(ctx, pixels, mined);
  const ss::Tensor small_pixels = (*downsample_)(ctx, pixels);  // one layer: its statistics see the pixels first
  return attention_(ctx, small_pixels, (*downsample_)(ctx, mined));
}

}  // namespace mcibiplusplus
