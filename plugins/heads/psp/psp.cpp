// Head of PSPNet (Zhao et al., "Pyramid Scene Parsing Network", CVPR 2017): the last feature beside its own averages.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/pyramid_pooling.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace nn = ss::nn;

struct PspOptions {
  int64_t channels = 512;
  std::vector<int64_t> scales = {1, 2, 3, 6};
  double dropout = 0.1;
  std::string activation = "relu";
};

class Psp final : public ss::Head {
 public:
  static ss::Schema<PspOptions> schema() {
    return {
        {"channels", &PspOptions::channels, "width of every branch and of the output", ss::at_least(1)},
        {"scales", &PspOptions::scales, "cells a side of each pooling branch", ss::each_between(1, 256)},
        {"dropout", &PspOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &PspOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  Psp(ss::Builder& build, const PspOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        pooling_(build, {.in = in.features.back().channels,
                         .out = options.channels,
                         .scales = options.scales,
                         .activation = nn::activation_named(options.activation)}) {}

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override { return pooling_(ctx, features.back()); }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "mmsegmentation" && query.role == ss::Role::head) return mmsegmentation_names();
    const bool published = query.role == ss::Role::head || query.role == ss::Role::context;
    if (query.format != "sssegmentation" || !published) return {};
    const std::string module = query.role == ss::Role::head ? "ppm_net." : "context_within_image_module.";
    std::vector<ss::NameRule> rules;
    for (std::size_t i = 0; i < pooling_.branches(); ++i) {
      const std::string branch = "branches." + std::to_string(i);
      ss::add_conv_names(rules, branch, module + branch + ".1", module + branch + ".2");  // 0 is the pool
    }
    ss::add_conv_names(rules, "fuse", module + "bottleneck.0", module + "bottleneck.1");
    if (query.role == ss::Role::head) rules.push_back({"classifier", "decoder.1"});
    return rules;
  }

 private:
  std::vector<ss::NameRule> mmsegmentation_names() const {
    std::vector<ss::NameRule> rules = {{"classifier", "decode_head.conv_seg"}};
    ss::add_conv_names(rules, "fuse", "decode_head.bottleneck.conv", "decode_head.bottleneck.bn");
    for (std::size_t i = 0; i < pooling_.branches(); ++i) {
      const std::string index = std::to_string(i);
      const std::string theirs = "decode_head.psp_modules." + index + ".1";  // 0 is the pool
      ss::add_conv_names(rules, "branches." + index, theirs + ".conv", theirs + ".bn");
    }
    return rules;
  }

  nn::PyramidPooling pooling_;
};

}  // namespace

SSHOST_PLUGIN("psp", "1.0.0", ss::head<Psp, PspOptions>("psp", "pyramid pooling head of PSPNet"))
