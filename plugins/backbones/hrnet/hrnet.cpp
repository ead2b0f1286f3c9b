// HRNetV2 (Wang et al., "Deep High-Resolution Representation Learning for Visual Recognition", TPAMI 2020): branches of
// several resolutions exchange what they know over and over, and the finest keeps a quarter of the image's side.
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/residual_block.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "exchange.hpp"

namespace {

namespace nn = ss::nn;

struct HrNetOptions {
  std::string variant = "w48";
  bool first_stem_relu = true;
};

struct Variant {
  int64_t width;                   // channels of the finest branch; each coarser one has twice as many
  int64_t blocks;                  // residual blocks of the first stage, and of a branch in a module
  std::array<int64_t, 3> modules;  // of stages 2, 3 and 4
};

Variant variant_named(const std::string& name) {
  if (name == "w18-small") return {18, 2, {1, 3, 2}};
  if (name == "w18") return {18, 4, {1, 4, 3}};
  if (name == "w32") return {32, 4, {1, 4, 3}};
  if (name == "w40") return {40, 4, {1, 4, 3}};
  if (name == "w48") return {48, 4, {1, 4, 3}};
  throw ss::Error("variant is w18-small, w18, w32, w40 or w48, not " + name);
}

// A 3x3 convolution, a norm and an activation.
nn::Conv step(const ss::Builder& build, std::string_view name, int64_t in, int64_t out, int64_t stride) {
  return {build,
          name,
          {.in = in,
           .out = out,
           .kernel = 3,
           .stride = stride,
           .norm = nn::batch_norm,
           .activation = nn::relu,
           .conv_part = "0",
           .norm_part = "1"}};
}

class HrNet final : public ss::Backbone {
 public:
  static ss::Schema<HrNetOptions> schema() {
    return {
        {"variant", &HrNetOptions::variant, "width of the finest branch, and how deep all are",
         ss::choices({"w18-small", "w18", "w32", "w40", "w48"})},
        {"first_stem_relu", &HrNetOptions::first_stem_relu,
         "an activation after the stem's first convolution; two published checkpoints of MCIBI go without"},
    };
  }

  HrNet(ss::Builder& build, const HrNetOptions& options, const ss::BackboneSpec& spec)
      : HrNet(build, options, variant_named(options.variant), spec.in_channels) {}

  // One map: all branches at the finest one's size, concatenated.
  std::vector<ss::FeatureSpec> features() const override { return {{channels_, 4}}; }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    ss::Tensor x = image;
    for (const nn::Conv& conv : stem_) x = conv(ctx, x);
    for (const nn::ResidualBlock& block : first_stage_) x = block(ctx, x);

    std::vector<ss::Tensor> maps{first_branch_(ctx, x)};
    for (const Stage& stage : stages_) {
      maps.push_back(stage.new_branch(ctx, x));
      for (const Exchange& module : stage.modules) maps = module(ctx, maps);
      x = maps.back();
    }
    return {concatenated(maps)};
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation", "timm"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "sssegmentation") return {{"", "backbone_net"}};
    if (query.format == "mmsegmentation") return {{"", "backbone"}};
    if (query.format == "timm") return {{"", ""}};
    return {};
  }

 private:
  static constexpr int64_t kStemChannels = 64;

  struct Stage {
    nn::Conv new_branch;  // the coarsest, from the coarsest before
    std::vector<Exchange> modules;
  };

  HrNet(const ss::Builder& build, const HrNetOptions& options, const Variant& variant, int64_t in)
      : channels_(15 * variant.width),
        stem_(stem(build, in, options.first_stem_relu)),
        first_stage_(first_stage(build.scope("layer1"), variant.blocks)),
        first_branch_(step(build, "transition1.0", 4 * kStemChannels, variant.width, 1)) {
    std::vector<int64_t> channels{variant.width};
    int64_t coarsest = 4 * kStemChannels;
    for (std::size_t i = 0; i < variant.modules.size(); ++i) {
      channels.push_back(2 * channels.back());
      const std::string number = std::to_string(i + 1);
      Stage stage{step(build, "transition" + number + "." + number + ".0", coarsest, channels.back(), 2), {}};
      const ss::Builder scope = build.scope("stage" + std::to_string(i + 2));
      for (int64_t module = 0; module < variant.modules[i]; ++module) {
        stage.modules.emplace_back(scope.scope(module), channels, variant.blocks);
      }
      stages_.push_back(std::move(stage));
      coarsest = channels.back();
    }
  }

  static std::vector<nn::Conv> stem(const ss::Builder& build, int64_t in, bool first_relu) {
    std::vector<nn::Conv> convs;
    for (const int number : {1, 2}) {
      const bool activated = first_relu || number == 2;
      convs.push_back(nn::numbered_conv(build, number,
                                        {.in = in,
                                         .out = kStemChannels,
                                         .kernel = 3,
                                         .stride = 2,
                                         .activation = activated ? nn::relu : nn::no_activation}));
      in = kStemChannels;
    }
    return convs;
  }

  static std::vector<nn::ResidualBlock> first_stage(const ss::Builder& build, int64_t count) {
    std::vector<nn::ResidualBlock> blocks;
    nn::ResidualBlockSpec spec{.in = kStemChannels, .width = kStemChannels, .bottleneck = true};
    for (int64_t i = 0; i < count; ++i, spec.in = spec.out()) blocks.emplace_back(build.scope(i), spec);
    return blocks;
  }

  static ss::Tensor concatenated(std::vector<ss::Tensor> maps) {
    const ss::Size finest = maps.front().spatial();
    for (std::size_t i = 1; i < maps.size(); ++i) maps[i] = ss::resize_bilinear(maps[i], finest);
    return ss::cat(maps, 1);
  }

  int64_t channels_;
  std::vector<nn::Conv> stem_;
  std::vector<nn::ResidualBlock> first_stage_;
  nn::Conv first_branch_;
  std::vector<Stage> stages_;
};

}  // namespace

SSHOST_PLUGIN("hrnet", "1.0.0",
              ss::backbone<HrNet, HrNetOptions>("hrnet", "branches of four resolutions that exchange"))
