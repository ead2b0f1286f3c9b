// UPerNet (Xiao et al., "Unified Perceptual Parsing for Scene Understanding", ECCV 2018): a feature pyramid over all
// features, with the pyramid pooling of the last one as its top, fused at the size of the first.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/feature_pyramid.hpp>
#include <sshost/nn/pyramid_pooling.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace nn = ss::nn;

struct UPerNetOptions {
  int64_t channels = 512;
  std::vector<int64_t> scales = {1, 2, 3, 6};
  double dropout = 0.1;
  std::string activation = "relu";
};

class UPerNet final : public ss::Head {
 public:
  static ss::Schema<UPerNetOptions> schema() {
    return {
        {"channels", &UPerNetOptions::channels, "width of every level and of the output", ss::at_least(1)},
        {"scales", &UPerNetOptions::scales, "cells a side of each pooling branch", ss::each_between(1, 256)},
        {"dropout", &UPerNetOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &UPerNetOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  UPerNet(ss::Builder& build, const UPerNetOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        pooling_(build.scope("pooling"), {.in = in.features.back().channels,
                                          .out = options.channels,
                                          .scales = options.scales,
                                          .activation = nn::activation_named(options.activation)}),
        pyramid_(build.scope("fpn"), pyramid(options, in.features)),
        fuse_(build, "fuse",
              {.in = static_cast<int64_t>(in.features.size()) * options.channels,
               .out = options.channels,
               .kernel = 3,
               .norm = nn::batch_norm,
               .activation = nn::activation_named(options.activation)}) {}

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor top = pooling_(ctx, features.back());
    return fuse_(ctx, pyramid_(ctx, features.first(pyramid_.levels()), top));  // at the first level's size
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "sssegmentation" && query.role == ss::Role::head) return of_sssegmentation("");
    if (query.format == "sssegmentation" && query.role == ss::Role::context) {
      return of_sssegmentation("context_within_image_module.");
    }
    if (query.format == "mmsegmentation" && query.role == ss::Role::head) return of_mmsegmentation();
    return {};
  }

 private:
  static nn::FeaturePyramidSpec pyramid(const UPerNetOptions& options, ss::FeatureSpecs features) {
    if (features.size() < 2) {
      throw ss::Error("UPerNet needs two feature maps or more, found 1: model.features.indices chooses them");
    }
    std::vector<int64_t> below;
    for (const ss::FeatureSpec& feature : features.first(features.size() - 1)) below.push_back(feature.channels);
    return {.in = below,
            .channels = options.channels,
            .out = options.channels,
            .activation = nn::activation_named(options.activation)};
  }

  std::vector<ss::NameRule> of_sssegmentation(const std::string& root) const {
    std::vector<ss::NameRule> rules;
    const auto add = [&](const std::string& ours, const std::string& module, int first = 0) {
      ss::add_conv_names(rules, ours, root + module + std::to_string(first), root + module + std::to_string(first + 1));
    };
    for (std::size_t i = 0; i < pooling_.branches(); ++i) {
      const std::string branch = "branches." + std::to_string(i);
      add("pooling." + branch, "ppm_net." + branch + ".", 1);  // 0 is the pool
    }
    for (std::size_t i = 0; i < pyramid_.levels(); ++i) {
      const std::string level = std::to_string(i);
      add("fpn.lateral." + level, "lateral_convs." + level + ".");
      add("fpn.out." + level, "fpn_convs." + level + ".");
    }
    add("pooling.fuse", "ppm_net.bottleneck.");
    add("fuse", "decoder.");
    if (root.empty()) rules.push_back({"classifier", "decoder.4"});
    return rules;
  }

  std::vector<ss::NameRule> of_mmsegmentation() const {
    std::vector<ss::NameRule> rules;
    const auto add = [&rules](const std::string& ours, const std::string& module) {
      ss::add_conv_names(rules, ours, "decode_head." + module + ".conv", "decode_head." + module + ".bn");
    };
    for (std::size_t i = 0; i < pooling_.branches(); ++i) {
      const std::string branch = std::to_string(i);
      add("pooling.branches." + branch, "psp_modules." + branch + ".1");  // 0 is the pool
    }
    for (std::size_t i = 0; i < pyramid_.levels(); ++i) {
      const std::string level = std::to_string(i);
      add("fpn.lateral." + level, "lateral_convs." + level);
      add("fpn.out." + level, "fpn_convs." + level);
    }
    add("pooling.fuse", "bottleneck");
    add("fuse", "fpn_bottleneck");
    rules.push_back({"classifier", "decode_head.conv_seg"});
    return rules;
  }

  nn::PyramidPooling pooling_;
  nn::FeaturePyramid pyramid_;
  nn::Conv fuse_;
};

}  // namespace

SSHOST_PLUGIN("upernet", "1.0.0",
              ss::head<UPerNet, UPerNetOptions>("upernet", "pyramid pooling on top of a feature pyramid"))
