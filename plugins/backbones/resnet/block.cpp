#include "block.hpp"

#include <sshost/ops/network.hpp>

namespace nn = ss::nn;

namespace {

nn::Conv shortcut_conv(const ss::Builder& build, const BlockSpec& spec) {
  // In variant D the pool takes the place of part 0.
  const bool pooled = spec.average_pool_shortcut;
  return {build,
          "downsample",
          {.in = spec.in,
           .out = spec.out(),
           .stride = pooled ? 1 : spec.stride,
           .norm = nn::batch_norm,
           .conv_part = pooled ? "1" : "0",
           .norm_part = pooled ? "2" : "1"}};
}

std::vector<nn::Conv> basic(const ss::Builder& build, const BlockSpec& spec) {
  std::vector<nn::Conv> convs;
  convs.push_back({build,
                   "",
                   {.in = spec.in,
                    .out = spec.width,
                    .kernel = 3,
                    .stride = spec.stride,
                    .dilation = spec.dilation,
                    .norm = nn::batch_norm,
                    .activation = nn::relu,
                    .conv_part = "conv1",
                    .norm_part = "bn1"}});
  convs.push_back({build,
                   "",
                   {.in = spec.width,
                    .out = spec.out(),
                    .kernel = 3,
                    .norm = nn::batch_norm,
                    .activation = nn::relu,
                    .conv_part = "conv2",
                    .norm_part = "bn2"}});
  return convs;
}

std::vector<nn::Conv> bottleneck(const ss::Builder& build, const BlockSpec& spec) {
  std::vector<nn::Conv> convs;
  convs.push_back({build,
                   "",
                   {.in = spec.in,
                    .out = spec.width,
                    .stride = spec.stride_first ? spec.stride : 1,
                    .norm = nn::batch_norm,
                    .activation = nn::relu,
                    .conv_part = "conv1",
                    .norm_part = "bn1"}});
  convs.push_back({build,
                   "",
                   {.in = spec.width,
                    .out = spec.width,
                    .kernel = 3,
                    .stride = spec.stride_first ? 1 : spec.stride,
                    .dilation = spec.dilation,
                    .norm = nn::batch_norm,
                    .activation = nn::relu,
                    .conv_part = "conv2",
                    .norm_part = "bn2"}});
  convs.push_back({build,
                   "",
                   {.in = spec.width,
                    .out = spec.out(),
                    .norm = nn::batch_norm,
                    .activation = nn::relu,
                    .conv_part = "conv3",
                    .norm_part = "bn3"}});
  return convs;
}

}  // namespace

Block::Block(const ss::Builder& build, const BlockSpec& spec)
    : pool_stride_(spec.average_pool_shortcut ? spec.stride : 1),
      convs_(spec.bottleneck ? bottleneck(build, spec) : basic(build, spec)) {
  if (spec.stride != 1 || spec.in != spec.out()) shortcut_.emplace(shortcut_conv(build, spec));
}

ss::Tensor Block::operator()(ss::Context& ctx, const ss::Tensor& x) const {
  ss::Tensor y = x;
  for (std::size_t i = 0; i + 1 < convs_.size(); ++i) y = convs_[i](ctx, y);
  return convs_.back()(ctx, y, shortcut(ctx, x));
}

ss::Tensor Block::shortcut(ss::Context& ctx, const ss::Tensor& x) const {
  if (!shortcut_) return x;
  if (pool_stride_ == 1) return (*shortcut_)(ctx, x);
  const ss::Pool pool{.kernel = pool_stride_, .stride = pool_stride_, .ceil_mode = true, .count_include_pad = false};
  return (*shortcut_)(ctx, ss::avg_pool2d(x, pool));
}
