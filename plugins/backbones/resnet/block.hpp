// Residual blocks, and where they differ between the published variants.
#ifndef SSHOST_PLUGINS_RESNET_BLOCK_HPP
#define SSHOST_PLUGINS_RESNET_BLOCK_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/conv.hpp>

#include <cstdint>
#include <optional>
#include <vector>

struct BlockSpec {
  int64_t in;     // channels
  int64_t width;  // channels of the inner convolutions; a block gives width x expansion
  int64_t stride;
  int64_t dilation;  // of the 3x3 that has the stride
  bool bottleneck;
  bool stride_first;           // "caffe": a bottleneck's stride sits in its first 1x1, not in its 3x3
  bool average_pool_shortcut;  // variant D: an average pool before the shortcut's 1x1, which then has stride 1

  int64_t out() const { return bottleneck ? width * 4 : width; }
};

class Block {
 public:
  // Names as in torchvision: conv1, bn1, ..., downsample.0, downsample.1.
  Block(const ss::Builder& build, const BlockSpec& spec);

  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& x) const;

 private:
  ss::Tensor shortcut(ss::Context& ctx, const ss::Tensor& x) const;

  int64_t pool_stride_;                   // of the shortcut's average pool; 1: none
  std::optional<ss::nn::Conv> shortcut_;  // where the shape changes
  std::vector<ss::nn::Conv> convs_;
};

#endif
