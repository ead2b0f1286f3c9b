// A module of HRNet: branches of several resolutions side by side, then every branch receives from all the others.
#ifndef SSHOST_PLUGINS_HRNET_EXCHANGE_HPP
#define SSHOST_PLUGINS_HRNET_EXCHANGE_HPP

#include <sshost/builder.hpp>
#include <sshost/context.hpp>
#include <sshost/nn/conv.hpp>
#include <sshost/nn/residual_block.hpp>

#include <cstdint>
#include <optional>
#include <vector>

// What one branch receives: the coarser ones through a 1x1 convolution and up-sampling, the finer ones through a chain
// of 3x3 convolutions of stride 2, all added to the branch itself.
class Fusion {
 public:
  // For branch `to` of branches with these channels, each at half the resolution of the one before.
  Fusion(const ss::Builder& build, const std::vector<int64_t>& channels, std::size_t to);

  // The maps of all branches -> the new map of branch `to`.
  ss::Tensor operator()(ss::Context& ctx, const std::vector<ss::Tensor>& maps) const;

 private:
  using Chain = std::vector<ss::nn::Conv>;

  std::size_t to_;
  std::vector<Chain> down_;              // from branch i, all but the last convolution of the nearest one
  std::optional<ss::nn::Conv> nearest_;  // that one: it adds the others to its own and ends with the activation
  std::vector<ss::nn::Conv> up_;         // from branch to_ + 1 + i
};

class Exchange {
 public:
  // Names as published: branches.<i>.<block>, fuse_layers.<to>.<from>.
  Exchange(const ss::Builder& build, const std::vector<int64_t>& channels, int64_t blocks);

  std::vector<ss::Tensor> operator()(ss::Context& ctx, const std::vector<ss::Tensor>& maps) const;

 private:
  std::vector<std::vector<ss::nn::ResidualBlock>> branches_;
  std::vector<Fusion> fusions_;
};

#endif
