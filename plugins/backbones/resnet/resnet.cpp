// ResNet with dilated late stages (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016; dilation as in
// Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017).
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "block.hpp"

namespace {

namespace nn = ss::nn;

struct ResNetOptions {
  int64_t depth = 50;
  int64_t output_stride = 8;
  std::string stem = "conv7x7";
  std::string style = "pytorch";
  bool average_pool_shortcut = false;
  bool contract_dilation = true;
};

struct Stage {
  int64_t stride;
  int64_t dilation;
};

std::array<Stage, 4> stages_for(int64_t output_stride) {
  switch (output_stride) {
    case 8:
      return {{{1, 1}, {2, 1}, {1, 2}, {1, 4}}};
    case 16:
      return {{{1, 1}, {2, 1}, {2, 1}, {1, 2}}};
    case 32:
      return {{{1, 1}, {2, 1}, {2, 1}, {2, 1}}};
    default:
      throw ss::Error("output_stride is 8, 16 or 32, not " + std::to_string(output_stride));
  }
}

std::array<int64_t, 4> blocks_for(int64_t depth) {
  switch (depth) {
    case 18:
      return {2, 2, 2, 2};
    case 34:
      return {3, 4, 6, 3};
    case 50:
      return {3, 4, 6, 3};
    case 101:
      return {3, 4, 23, 3};
    case 152:
      return {3, 8, 36, 3};
    default:
      throw ss::Error("depth is 18, 34, 50, 101 or 152, not " + std::to_string(depth));
  }
}

std::vector<nn::Conv> plain_stem(const ss::Builder& build, int64_t in) {
  return {{build,
           "",
           {.in = in,
            .out = 64,
            .kernel = 7,
            .stride = 2,
            .norm = nn::batch_norm,
            .activation = nn::relu,
            .conv_part = "conv1",
            .norm_part = "bn1"}}};
}

// Three 3x3 convolutions in place of the 7x7 one (He, T. et al., "Bag of Tricks", CVPR 2019, variant C).
std::vector<nn::Conv> deep_stem(const ss::Builder& build, int64_t in) {
  struct Step {
    int64_t out, stride;
    std::string_view conv_part, norm_part;
  };
  std::vector<nn::Conv> convs;
  for (const Step& step : {Step{32, 2, "0", "1"}, Step{32, 1, "3", "4"}, Step{64, 1, "6", "7"}}) {
    convs.push_back({build,
                     "stem",
                     {.in = in,
                      .out = step.out,
                      .kernel = 3,
                      .stride = step.stride,
                      .norm = nn::batch_norm,
                      .activation = nn::relu,
                      .conv_part = step.conv_part,
                      .norm_part = step.norm_part}});
    in = step.out;
  }
  return convs;
}

class ResNet final : public ss::Backbone {
 public:
  static ss::Schema<ResNetOptions> schema() {
    return {
        {"depth", &ResNetOptions::depth, "number of layers", ss::choices({18, 34, 50, 101, 152})},
        {"output_stride", &ResNetOptions::output_stride, "side of the image to that of the last map; dilation makes up",
         ss::choices({8, 16, 32})},
        {"stem", &ResNetOptions::stem, "first layers: one 7x7 convolution, or three of 3x3",
         ss::choices({"conv7x7", "deep"})},
        {"style", &ResNetOptions::style, "a bottleneck's stride in its 3x3 (pytorch) or in its first 1x1 (caffe)",
         ss::choices({"pytorch", "caffe"})},
        {"average_pool_shortcut", &ResNetOptions::average_pool_shortcut,
         "variant D: an average pool before a strided shortcut's 1x1"},
        {"contract_dilation", &ResNetOptions::contract_dilation,
         "the first block of a dilated stage has half the dilation"},
    };
  }

  ResNet(ss::Builder& build, const ResNetOptions& options, const ss::BackboneSpec& spec)
      : stem_(options.stem == "deep" ? deep_stem(build, spec.in_channels) : plain_stem(build, spec.in_channels)) {
    const std::array<Stage, 4> stages = stages_for(options.output_stride);
    const std::array<int64_t, 4> counts = blocks_for(options.depth);
    BlockSpec block{.in = 64,
                    .width = 64,
                    .stride = 1,
                    .dilation = 1,
                    .bottleneck = options.depth >= 50,
                    .stride_first = options.style == "caffe",
                    .average_pool_shortcut = options.average_pool_shortcut};
    int64_t stride = 4;
    for (std::size_t i = 0; i < stages.size(); ++i, block.width *= 2) {
      add_stage(build.scope("layer" + std::to_string(i + 1)), block, stages[i], counts[i], options.contract_dilation);
      stride *= stages[i].stride;
      features_.push_back({block.out(), stride});
    }
  }

  std::vector<ss::FeatureSpec> features() const override { return features_; }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    ss::Tensor x = image;
    for (const nn::Conv& conv : stem_) x = conv(ctx, x);
    x = ss::max_pool2d(x, {.kernel = 3, .stride = 2, .padding = 1});
    std::vector<ss::Tensor> maps;
    for (const std::vector<Block>& stage : stages_) {
      for (const Block& block : stage) x = block(ctx, x);
      maps.push_back(x);
    }
    return maps;
  }

  static constexpr std::string_view formats[] = {"torchvision", "sssegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "torchvision") return {{"", ""}};
    if (query.format == "sssegmentation") return {{"", "backbone_net"}};
    return {};
  }

 private:
  // `block` comes with the stage's width and the channels before it, and leaves with those after it.
  void add_stage(const ss::Builder& build, BlockSpec& block, const Stage& stage, int64_t count, bool contract) {
    std::vector<Block>& blocks = stages_.emplace_back();
    for (int64_t i = 0; i < count; ++i) {
      const bool first = i == 0;
      block.stride = first ? stage.stride : 1;
      block.dilation = first && contract && stage.dilation > 1 ? stage.dilation / 2 : stage.dilation;
      blocks.emplace_back(build.scope(i), block);
      block.in = block.out();
    }
  }

  std::vector<nn::Conv> stem_;
  std::vector<std::vector<Block>> stages_;
  std::vector<ss::FeatureSpec> features_;
};

}  // namespace

SSHOST_PLUGIN("resnet", "1.0.0", ss::backbone<ResNet, ResNetOptions>("resnet", "residual network of 18 to 152 layers"))
