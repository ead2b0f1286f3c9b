// Residual blocks (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016), and where they differ between
// the published networks that are made of them.
//
//   ss::nn::ResidualBlock block(build.scope("layer1").scope(0), {.in = 64, .width = 64, .bottleneck = true});
//   y = block(ctx, x);
//
// State is named as in torchvision: conv1, bn1, ..., downsample.0, downsample.1.
#ifndef SSHOST_NN_RESIDUAL_BLOCK_HPP
#define SSHOST_NN_RESIDUAL_BLOCK_HPP

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "../ops/network.hpp"
#include "conv.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

// Convolution `number` of a block or a stem and its batch norm, "conv<number>" and "bn<number>".
inline Conv numbered_conv(const Builder& build, int number, ConvSpec spec) {
  const std::string conv_part = "conv" + std::to_string(number);
  const std::string norm_part = "bn" + std::to_string(number);
  spec.norm = batch_norm;
  spec.conv_part = conv_part;
  spec.norm_part = norm_part;
  return {build, "", spec};
}

struct ResidualBlockSpec {
  int64_t in = 0;     // channels
  int64_t width = 0;  // channels of the inner convolutions; a block gives width x expansion
  int64_t stride = 1;
  int64_t dilation = 1;  // of the 3x3 that has the stride
  bool bottleneck = false;
  bool stride_first = false;           // "caffe": a bottleneck's stride sits in its first 1x1, not in its 3x3
  bool average_pool_shortcut = false;  // variant D: an average pool before the shortcut's 1x1, which then has stride 1

  int64_t out() const { return bottleneck ? width * 4 : width; }
};

// The way around a block: as it is, or a 1x1 convolution and a norm, "downsample", where the shape changes.
class ResidualShortcut {
 public:
  ResidualShortcut(const Builder& build, const ResidualBlockSpec& spec)
      : pool_stride_(spec.average_pool_shortcut ? spec.stride : 1) {
    if (spec.stride != 1 || spec.in != spec.out()) conv_.emplace(convolution(build, spec));
  }

  Tensor operator()(Context& ctx, const Tensor& x) const {
    if (!conv_) return x;
    if (pool_stride_ == 1) return (*conv_)(ctx, x);
    const Pool pool{.kernel = pool_stride_, .stride = pool_stride_, .ceil_mode = true, .count_include_pad = false};
    return (*conv_)(ctx, avg_pool2d(x, pool));
  }

 private:
  static Conv convolution(const Builder& build, const ResidualBlockSpec& spec) {
    // In variant D the pool takes the place of part 0.
    const bool pooled = spec.average_pool_shortcut;
    return {build,
            "downsample",
            {.in = spec.in,
             .out = spec.out(),
             .stride = pooled ? 1 : spec.stride,
             .norm = batch_norm,
             .conv_part = pooled ? "1" : "0",
             .norm_part = pooled ? "2" : "1"}};
  }

  int64_t pool_stride_;  // of the average pool; 1: none
  std::optional<Conv> conv_;
};

// A basic block, two 3x3 convolutions, or a bottleneck, 1x1, 3x3 and 1x1; then the shortcut is added.
class ResidualBlock {
 public:
  ResidualBlock(const Builder& build, const ResidualBlockSpec& spec)
      : convs_(spec.bottleneck ? bottleneck(build, spec) : basic(build, spec)), shortcut_(build, spec) {}

  Tensor operator()(Context& ctx, const Tensor& x) const {
    Tensor y = x;
    for (std::size_t i = 0; i + 1 < convs_.size(); ++i) y = convs_[i](ctx, y);
    return convs_.back()(ctx, y, shortcut_(ctx, x));
  }

 private:
  static std::vector<Conv> basic(const Builder& build, const ResidualBlockSpec& spec) {
    const ConvSpec first{.in = spec.in,
                         .out = spec.width,
                         .kernel = 3,
                         .stride = spec.stride,
                         .dilation = spec.dilation,
                         .activation = relu};
    const ConvSpec second{.in = spec.width, .out = spec.out(), .kernel = 3, .activation = relu};
    return numbered(build, {first, second});
  }

  static std::vector<Conv> bottleneck(const Builder& build, const ResidualBlockSpec& spec) {
    const ConvSpec first{
        .in = spec.in, .out = spec.width, .stride = spec.stride_first ? spec.stride : 1, .activation = relu};
    const ConvSpec second{.in = spec.width,
                          .out = spec.width,
                          .kernel = 3,
                          .stride = spec.stride_first ? 1 : spec.stride,
                          .dilation = spec.dilation,
                          .activation = relu};
    const ConvSpec third{.in = spec.width, .out = spec.out(), .activation = relu};
    return numbered(build, {first, second, third});
  }

  static std::vector<Conv> numbered(const Builder& build, std::initializer_list<ConvSpec> specs) {
    std::vector<Conv> convs;
    int number = 0;
    for (const ConvSpec& spec : specs) convs.push_back(numbered_conv(build, ++number, spec));
    return convs;
  }

  std::vector<Conv> convs_;
  ResidualShortcut shortcut_;
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
