// Pyramid pooling (Zhao et al., "Pyramid Scene Parsing Network", CVPR 2017): the last feature beside its own averages
// over s x s cells.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>

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

class PyramidPooling final : public ss::Head {
 public:
  static ss::Schema<PspOptions> schema() {
    return {
        {"channels", &PspOptions::channels, "width of every branch and of the output", ss::at_least(1)},
        {"scales", &PspOptions::scales, "cells a side of each pooling branch", ss::each_at_least(1)},
        {"dropout", &PspOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &PspOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  PyramidPooling(ss::Builder& build, const PspOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        branches_(make_branches(build.scope("branches"), options, in.features.back().channels)),
        fuse_(build, "fuse",
              {.in = in.features.back().channels + static_cast<int64_t>(branches_.size()) * options.channels,
               .out = options.channels,
               .kernel = 3,
               .norm = nn::batch_norm,
               .activation = nn::activation_named(options.activation)}) {}

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor& last = features.back();
    std::vector<ss::Tensor> parts{last};
    for (const Branch& branch : branches_) {
      parts.push_back(branch.conv(ctx, ss::adaptive_avg_pool2d(last, branch.cells)));
    }
    return fuse_(ctx, parts);  // one layer: resizes every part to the first one's size, concatenates, convolves
  }

  static constexpr std::string_view formats[] = {"sssegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    const bool published = query.role == ss::Role::head || query.role == ss::Role::context;
    if (query.format != "sssegmentation" || !published) return {};
    const std::string module = query.role == ss::Role::head ? "ppm_net." : "context_within_image_module.";
    std::vector<ss::NameRule> rules;
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const std::string branch = "branches." + std::to_string(i);
      rules.push_back({branch + ".conv", module + branch + ".1"});  // 0 is the pool
      rules.push_back({branch + ".norm", module + branch + ".2"});
    }
    rules.push_back({"fuse.conv", module + "bottleneck.0"});
    rules.push_back({"fuse.norm", module + "bottleneck.1"});
    if (query.role == ss::Role::head) rules.push_back({"classifier", "decoder.1"});
    return rules;
  }

 private:
  struct Branch {
    int64_t cells;
    nn::Conv conv;
  };

  static std::vector<Branch> make_branches(const ss::Builder& build, const PspOptions& options, int64_t in) {
    std::vector<Branch> branches;
    for (const int64_t cells : options.scales) {
      const nn::Conv conv(build, std::to_string(branches.size()),
                          {.in = in,
                           .out = options.channels,
                           .norm = nn::batch_norm,
                           .activation = nn::activation_named(options.activation)});
      branches.push_back({cells, conv});
    }
    return branches;
  }

  std::vector<Branch> branches_;
  nn::Conv fuse_;
};

}  // namespace

SSHOST_PLUGIN("psp", "1.0.0", ss::head<PyramidPooling, PspOptions>("psp", "pyramid pooling head of PSPNet"))
