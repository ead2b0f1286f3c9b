#include "split_attention.hpp"

#include <sshost/ops.hpp>

#include <algorithm>
#include <vector>

namespace nn = ss::nn;

namespace {

constexpr int64_t kRadix = 2;
constexpr int64_t kReduction = 4;
constexpr int64_t kLeastChannels = 32;

int64_t squeezed(int64_t width) { return std::max(width * kRadix / kReduction, kLeastChannels); }

}  // namespace

SplitAttention::SplitAttention(const ss::Builder& build, int64_t width, int64_t dilation)
    : width_(width),
      splits_(build, "",
              {.in = width,
               .out = width * kRadix,
               .kernel = 3,
               .dilation = dilation,
               .groups = kRadix,
               .norm = nn::batch_norm,
               .activation = nn::relu,
               .conv_part = "conv",
               .norm_part = "bn0"}),
      squeeze_(build, "",
               {.in = width,
                .out = squeezed(width),
                .bias = true,
                .norm = nn::batch_norm,
                .activation = nn::relu,
                .conv_part = "fc1",
                .norm_part = "bn1"}),
      weigh_(build, "fc2", {.in = squeezed(width), .out = width * kRadix}) {}

ss::Tensor SplitAttention::operator()(ss::Context& ctx, const ss::Tensor& x) const {
  const ss::Tensor all = splits_(ctx, x);
  const int64_t images = all.size(0);
  // The mean of a sum is the sum of means: the maps themselves need not be added.
  const ss::Tensor means = ss::reshape(ss::adaptive_avg_pool2d(all, 1), {images, kRadix, width_, 1, 1});
  const ss::Tensor logits = weigh_(ctx, squeeze_(ctx, ss::sum(means, {1})));
  const ss::Tensor weights = ss::softmax(ss::reshape(logits, {images, kRadix, width_, 1, 1}), 1);

  const std::vector<ss::Tensor> splits = ss::chunk(all, kRadix, 1);
  ss::Tensor weighted = splits[0] * ss::select(weights, 1, 0);
  for (int64_t i = 1; i < kRadix; ++i) {
    weighted = weighted + splits[static_cast<std::size_t>(i)] * ss::select(weights, 1, i);
  }
  return weighted;
}
