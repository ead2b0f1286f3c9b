// ResNet with dilated late stages (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016).
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/residual_stages.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

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
  return {nn::numbered_conv(build, 1, {.in = in, .out = 64, .kernel = 7, .stride = 2, .activation = nn::relu})};
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
      : stem_(options.stem == "deep" ? nn::deep_stem(build, spec.in_channels, 32)
                                     : plain_stem(build, spec.in_channels)),
        stages_(build, {.block = {.in = 64,
                                  .width = 64,
                                  .bottleneck = options.depth >= 50,
                                  .stride_first = options.style == "caffe",
                                  .average_pool_shortcut = options.average_pool_shortcut},
                        .counts = blocks_for(options.depth),
                        .output_stride = options.output_stride,
                        .contract_dilation = options.contract_dilation}) {}

  std::vector<ss::FeatureSpec> features() const override { return stages_.features(); }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    ss::Tensor x = image;
    for (const nn::Conv& conv : stem_) x = conv(ctx, x);
    return stages_(ctx, ss::max_pool2d(x, {.kernel = 3, .stride = 2, .padding = 1}));
  }

  static constexpr std::string_view formats[] = {"torchvision", "sssegmentation", "mmsegmentation",
                                                 "torchvision_segmentation", "timm"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "torchvision") return {{"", ""}};
    if (query.format == "sssegmentation") return {{"", "backbone_net"}};
    if (query.format == "mmsegmentation" || query.format == "torchvision_segmentation") return {{"", "backbone"}};
    // A deep stem's last norm stands beside it there.
    if (query.format == "timm") return {{"", ""}, {"stem", "conv1"}, {"stem.7", "bn1"}};
    return {};
  }

 private:
  std::vector<nn::Conv> stem_;
  nn::ResidualStages<nn::ResidualBlock> stages_;
};

}  // namespace

SSHOST_PLUGIN("resnet", "1.0.0", ss::backbone<ResNet, ResNetOptions>("resnet", "residual network of 18 to 152 layers"))
