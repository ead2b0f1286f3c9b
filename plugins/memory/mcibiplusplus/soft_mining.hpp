// Soft mining: what the memory knows of each pixel's likely classes, fused with the pixel's own representation.
#ifndef SSHOST_MCIBIPLUSPLUS_SOFT_MINING_HPP
#define SSHOST_MCIBIPLUSPLUS_SOFT_MINING_HPP

#include <sshost/nn.hpp>
#include <sshost/nn/attention_block.hpp>

#include <optional>

#include "options.hpp"

namespace mcibiplusplus {

class SoftMining {
 public:
  SoftMining(const ss::Builder& build, const Options& options, const ss::nn::ActivationSpec& activation);

  // pixels [N, C, h, w]; weights [N, K, h, w] of the classes at each pixel; vectors [K, C] -> [N, C, h, w].
  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& pixels, const ss::Tensor& weights,
                        const ss::Tensor& vectors) const;

 private:
  ss::Tensor attend(ss::Context& ctx, const ss::Tensor& pixels, const ss::Tensor& mined) const;

  std::optional<ss::nn::Conv> downsample_;
  ss::nn::AttentionBlock attention_;
  ss::nn::Conv fuse_;
};

}  // namespace mcibiplusplus

#endif
