// ResNeSt with dilated late stages (Zhang et al., "ResNeSt: Split-Attention Networks", CVPR Workshops 2022).
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/residual_stages.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "split_attention.hpp"

namespace {

namespace nn = ss::nn;

struct ResNeStOptions {
  int64_t depth = 101;
  int64_t output_stride = 8;
  int64_t stem_width = 64;
  bool contract_dilation = true;
};

std::array<int64_t, 4> blocks_for(int64_t depth) {
  switch (depth) {
    case 50:
      return {3, 4, 6, 3};
    case 101:
      return {3, 4, 23, 3};
    case 200:
      return {3, 24, 36, 3};
    default:
      throw ss::Error("depth is 50, 101 or 200, not " + std::to_string(depth));
  }
}

// A bottleneck whose 3x3 is split attention; where it has a stride, an average pool after it takes that over.
class Block {
 public:
  Block(const ss::Builder& build, const nn::ResidualBlockSpec& spec)
      : stride_(spec.stride),
        reduce_(nn::numbered_conv(build, 1, {.in = spec.in, .out = spec.width, .activation = nn::relu})),
        attention_(build.scope("conv2"), spec.width, spec.dilation),
        restore_(nn::numbered_conv(build, 3, {.in = spec.width, .out = spec.out(), .activation = nn::relu})),
        shortcut_(build, spec) {}

  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& x) const {
    return restore_(ctx, pooled(attention_(ctx, reduce_(ctx, x))), shortcut_(ctx, x));
  }

 private:
  ss::Tensor pooled(const ss::Tensor& x) const {
    return stride_ == 1 ? x : ss::avg_pool2d(x, {.kernel = 3, .stride = stride_, .padding = 1});
  }

  int64_t stride_;
  nn::Conv reduce_;
  SplitAttention attention_;
  nn::Conv restore_;
  nn::ResidualShortcut shortcut_;
};

class ResNeSt final : public ss::Backbone {
 public:
  static ss::Schema<ResNeStOptions> schema() {
    return {
        {"depth", &ResNeStOptions::depth, "number of layers", ss::choices({50, 101, 200})},
        {"output_stride", &ResNeStOptions::output_stride,
         "side of the image to that of the last map; dilation makes up", ss::choices({8, 16, 32})},
        {"stem_width", &ResNeStOptions::stem_width,
         "channels of the stem's first convolutions, half of what it gives; timm's resnest50d has 32", ss::at_least(1)},
        {"contract_dilation", &ResNeStOptions::contract_dilation,
         "the first block of a dilated stage has half the dilation"},
    };
  }

  ResNeSt(ss::Builder& build, const ResNeStOptions& options, const ss::BackboneSpec& spec)
      : stem_(nn::deep_stem(build, spec.in_channels, options.stem_width)),
        stages_(
            build,
            {.block = {.in = 2 * options.stem_width, .width = 64, .bottleneck = true, .average_pool_shortcut = true},
             .counts = blocks_for(options.depth),
             .output_stride = options.output_stride,
             .contract_dilation = options.contract_dilation}) {}

  std::vector<ss::FeatureSpec> features() const override { return stages_.features(); }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    ss::Tensor x = image;
    for (const nn::Conv& conv : stem_) x = conv(ctx, x);
    return stages_(ctx, ss::max_pool2d(x, {.kernel = 3, .stride = 2, .padding = 1}));
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation", "timm"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "sssegmentation") return {{"", "backbone_net"}};
    if (query.format == "mmsegmentation") return {{"", "backbone"}};
    // As in the paper's own checkpoints: the stem's last norm is not part of its sequence.
    if (query.format == "timm") return {{"", ""}, {"stem", "conv1"}, {"stem.7", "bn1"}};
    return {};
  }

 private:
  std::vector<nn::Conv> stem_;
  nn::ResidualStages<Block> stages_;
};

}  // namespace

SSHOST_PLUGIN("resnest", "1.0.0",
              ss::backbone<ResNeSt, ResNeStOptions>("resnest", "residual network of split attention, 50 to 200 layers"))
