// Atrous spatial pyramid pooling (Chen et al., "Rethinking Atrous Convolution for Semantic Image Segmentation", 2017):
// convolutions of several dilations beside the image's average.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

namespace nn = ss::nn;

struct AsppOptions {
  int64_t channels = 512;
  std::vector<int64_t> dilations = {1, 12, 24, 36};
  int64_t fuse_kernel = 3;
  bool refine = false;
  double dropout = 0.1;
  std::string activation = "relu";
};

class Aspp final : public ss::Head {
 public:
  static ss::Schema<AsppOptions> schema() {
    return {
        {"channels", &AsppOptions::channels, "width of every branch and of the output", ss::at_least(1)},
        {"dilations", &AsppOptions::dilations, "of each branch: 1 is a 1x1 convolution, others are 3x3",
         ss::each_between(1, 65536), ss::at_least_items(1)},
        {"fuse_kernel", &AsppOptions::fuse_kernel,
         "side of the convolution that fuses the branches; torchvision's checkpoints have 1", ss::choices({1, 3})},
        {"refine", &AsppOptions::refine, "a 3x3 convolution on what was fused; torchvision's checkpoints have one"},
        {"dropout", &AsppOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &AsppOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  Aspp(ss::Builder& build, const AsppOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        branches_(make_branches(build.scope("branches"), options, in.features.back().channels)),
        pooled_(build, "pooled", convolution(options, in.features.back().channels, 1)),
        fuse_(
            build, "fuse",
            convolution(options, static_cast<int64_t>(branches_.size() + 1) * options.channels, options.fuse_kernel)) {
    if (options.refine) refine_.emplace(build, "refine", convolution(options, options.channels, 3));
  }

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor& last = features.back();
    std::vector<ss::Tensor> parts;
    for (const nn::Conv& branch : branches_) parts.push_back(branch(ctx, last));
    parts.push_back(pooled_(ctx, ss::adaptive_avg_pool2d(last, 1)));
    const ss::Tensor fused = fuse_(ctx, parts);  // resizes the pooled branch, concatenates, convolves
    return refine_ ? (*refine_)(ctx, fused) : fused;
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation", "torchvision_segmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "mmsegmentation" && query.role == ss::Role::head) return mmsegmentation_names();
    if (query.format == "torchvision_segmentation" && query.role == ss::Role::head) return torchvision_names();
    const bool published = query.role == ss::Role::head || query.role == ss::Role::context;
    if (query.format != "sssegmentation" || !published) return {};
    const std::string module = query.role == ss::Role::head ? "aspp_net." : "context_within_image_module.";
    std::vector<ss::NameRule> rules;
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const std::string index = std::to_string(i);
      const std::string theirs = module + "parallel_branches." + index;
      ss::add_conv_names(rules, "branches." + index, theirs + ".0", theirs + ".1");
    }
    ss::add_conv_names(rules, "pooled", module + "global_branch.1", module + "global_branch.2");  // 0 is the pool
    ss::add_conv_names(rules, "fuse", module + "bottleneck.0", module + "bottleneck.1");
    if (query.role == ss::Role::head) rules.push_back({"classifier", "decoder.1"});
    return rules;
  }

 private:
  // The pooled branch is the first one there.
  std::vector<ss::NameRule> mmsegmentation_names() const {
    std::vector<ss::NameRule> rules = {{"classifier", "decode_head.conv_seg"},
                                       {"fuse.norm", "decode_head.bottleneck.bn"}};
    ss::add_conv_names(rules, "pooled", "decode_head.image_pool.1.conv",
                       "decode_head.image_pool.1.bn");  // 0 is the pool
    const auto count = static_cast<uint32_t>(branches_.size());
    std::vector<uint32_t> order = {count};
    for (uint32_t i = 0; i < count; ++i) {
      const std::string index = std::to_string(i);
      const std::string theirs = "decode_head.aspp_modules." + index;
      ss::add_conv_names(rules, "branches." + index, theirs + ".conv", theirs + ".bn");
      order.push_back(i);
    }
    rules.push_back(
        {"fuse.conv", "decode_head.bottleneck.conv", {ss::NameChange::permute_blocks(1, std::move(order))}});
    return rules;
  }

  // A sequence of the pyramid, a convolution, its norm, an activation and the classifier.
  std::vector<ss::NameRule> torchvision_names() const {
    if (!refine_) return {};
    std::vector<ss::NameRule> rules = {{"classifier", "classifier.4"}};
    for (std::size_t i = 0; i < branches_.size(); ++i) {
      const std::string index = std::to_string(i);
      const std::string theirs = "classifier.0.convs." + index;
      ss::add_conv_names(rules, "branches." + index, theirs + ".0", theirs + ".1");
    }
    const std::string pooled = "classifier.0.convs." + std::to_string(branches_.size());
    ss::add_conv_names(rules, "pooled", pooled + ".1", pooled + ".2");  // 0 is the pool
    ss::add_conv_names(rules, "fuse", "classifier.0.project.0", "classifier.0.project.1");
    ss::add_conv_names(rules, "refine", "classifier.1", "classifier.2");
    return rules;
  }

  static nn::ConvSpec convolution(const AsppOptions& options, int64_t in, int64_t kernel, int64_t dilation = 1) {
    return {.in = in,
            .out = options.channels,
            .kernel = kernel,
            .dilation = dilation,
            .norm = nn::batch_norm,
            .activation = nn::activation_named(options.activation)};
  }

  static std::vector<nn::Conv> make_branches(const ss::Builder& build, const AsppOptions& options, int64_t in) {
    std::vector<nn::Conv> branches;
    for (const int64_t dilation : options.dilations) {
      const int64_t kernel = dilation == 1 ? 1 : 3;
      branches.emplace_back(build, std::to_string(branches.size()), convolution(options, in, kernel, dilation));
    }
    return branches;
  }

  std::vector<nn::Conv> branches_;
  nn::Conv pooled_;
  nn::Conv fuse_;
  std::optional<nn::Conv> refine_;
};

}  // namespace

SSHOST_PLUGIN("aspp", "1.0.0",
              ss::head<Aspp, AsppOptions>("aspp", "head of DeepLabV3: convolutions of several dilations"))
