#include "exchange.hpp"

#include <sshost/ops.hpp>

namespace nn = ss::nn;

namespace {

// A step of a chain to a coarser branch.
nn::Conv halving(const ss::Builder& build, std::size_t step, int64_t in, int64_t out,
                 const nn::ActivationSpec& activation) {
  return {build,
          std::to_string(step),
          {.in = in,
           .out = out,
           .kernel = 3,
           .stride = 2,
           .norm = nn::batch_norm,
           .activation = activation,
           .conv_part = "0",
           .norm_part = "1"}};
}

// From `factor` times coarser to `size`. Odd sizes make the doubled map larger than `size`, so it takes two steps.
ss::Tensor raised(const ss::Tensor& map, int64_t factor, ss::Size size) {
  const ss::Size coarse = map.spatial();
  const ss::Size doubled{coarse.height * factor, coarse.width * factor};
  const ss::Tensor fine = ss::resize_bilinear(map, doubled);
  if (doubled.height == size.height && doubled.width == size.width) return fine;
  return ss::resize_bilinear(fine, size);
}

}  // namespace

Fusion::Fusion(const ss::Builder& build, const std::vector<int64_t>& channels, std::size_t to) : to_(to) {
  for (std::size_t from = 0; from < to; ++from) {
    const ss::Builder scope = build.scope(static_cast<int64_t>(from));
    Chain& chain = down_.emplace_back();
    const std::size_t last = to - from - 1;
    for (std::size_t step = 0; step < last; ++step) {
      chain.push_back(halving(scope, step, channels[from], channels[from], nn::relu));
    }
    if (last == 0) {
      nearest_.emplace(halving(scope, 0, channels[from], channels[to], nn::relu));
    } else {
      chain.push_back(halving(scope, last, channels[from], channels[to], nn::no_activation));
    }
  }
  for (std::size_t from = to + 1; from < channels.size(); ++from) {
    up_.push_back(
        {build,
         std::to_string(from),
         {.in = channels[from], .out = channels[to], .norm = nn::batch_norm, .conv_part = "0", .norm_part = "1"}});
  }
}

ss::Tensor Fusion::operator()(ss::Context& ctx, const std::vector<ss::Tensor>& maps) const {
  ss::Tensor sum = maps[to_];
  for (std::size_t i = 0; i < up_.size(); ++i) {
    const int64_t factor = int64_t{2} << i;
    sum = sum + raised(up_[i](ctx, maps[to_ + 1 + i]), factor, maps[to_].spatial());
  }
  for (std::size_t from = 0; from + 1 < to_; ++from) {
    ss::Tensor x = maps[from];
    for (const nn::Conv& step : down_[from]) x = step(ctx, x);
    sum = sum + x;
  }
  return nearest_ ? (*nearest_)(ctx, maps[to_ - 1], sum) : ss::relu(sum);
}

Exchange::Exchange(const ss::Builder& build, const std::vector<int64_t>& channels, int64_t blocks) {
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const ss::Builder scope = build.scope("branches").scope(static_cast<int64_t>(i));
    std::vector<nn::ResidualBlock>& branch = branches_.emplace_back();
    for (int64_t block = 0; block < blocks; ++block) {
      branch.emplace_back(scope.scope(block), nn::ResidualBlockSpec{.in = channels[i], .width = channels[i]});
    }
  }
  for (std::size_t to = 0; to < channels.size(); ++to) {
    fusions_.emplace_back(build.scope("fuse_layers").scope(static_cast<int64_t>(to)), channels, to);
  }
}

std::vector<ss::Tensor> Exchange::operator()(ss::Context& ctx, const std::vector<ss::Tensor>& maps) const {
  std::vector<ss::Tensor> own = maps;
  for (std::size_t i = 0; i < own.size(); ++i) {
    for (const nn::ResidualBlock& block : branches_[i]) own[i] = block(ctx, own[i]);
  }
  std::vector<ss::Tensor> fused;
  for (const Fusion& fusion : fusions_) fused.push_back(fusion(ctx, own));
  return fused;
}
