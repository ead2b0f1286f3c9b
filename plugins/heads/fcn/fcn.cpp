// Fully convolutional head (Long et al., "Fully Convolutional Networks for Semantic Segmentation", CVPR 2015): a few
// convolutions on the last feature. With one convolution it is the usual auxiliary head.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace nn = ss::nn;

struct FcnOptions {
  int64_t channels = 512;
  int64_t convolutions = 2;
  int64_t kernel = 3;
  bool concat_input = false;
  int64_t upsample = 1;
  double dropout = 0.1;
  std::string activation = "relu";
};

class Fcn final : public ss::Head {
 public:
  static ss::Schema<FcnOptions> schema() {
    return {
        {"channels", &FcnOptions::channels, "width of every convolution", ss::at_least(1)},
        {"convolutions", &FcnOptions::convolutions, "how many there are", ss::at_least(1)},
        {"kernel", &FcnOptions::kernel, "side of every convolution; mmsegmentation's heads on HRNet have 1",
         ss::choices({1, 3})},
        {"concat_input", &FcnOptions::concat_input,
         "one more convolution, on the feature beside what the others made of it; mmsegmentation's FCN has it"},
        {"upsample", &FcnOptions::upsample, "each convolution is followed by a nearest up-sampling by this factor",
         ss::at_least(1)},
        {"dropout", &FcnOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &FcnOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  Fcn(ss::Builder& build, const FcnOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}), upsample_(options.upsample) {
    const int64_t feature = in.features.back().channels;
    int64_t channels = feature;
    for (int64_t i = 0; i < options.convolutions; ++i) {
      convs_.push_back({build.scope("convs"), std::to_string(i), convolution(options, channels)});
      channels = options.channels;
    }
    if (!options.concat_input) return;
    if (upsample_ > 1) throw ss::Error("concat_input: the feature has another size where upsample is above 1");
    fuse_.emplace(build, "fuse", convolution(options, feature + options.channels));
  }

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    ss::Tensor x = features.back();
    for (const nn::Conv& conv : convs_) x = upsampled(conv(ctx, x));
    return fuse_ ? (*fuse_)(ctx, {features.back(), x}) : x;
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation", "torchvision_segmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "sssegmentation") return sssegmentation_names(query);
    if (query.role != ss::Role::head && query.role != ss::Role::auxiliary) return {};
    if (query.format == "mmsegmentation") return mmsegmentation_names(query);
    if (query.format == "torchvision_segmentation") return torchvision_names(query);
    return {};
  }

 private:
  std::vector<ss::NameRule> sssegmentation_names(const ss::NamesQuery& query) const {
    const std::string prefix = module_of(query);
    // One sequence: convolution, norm, activation (and up-sampling) each, then dropout and the classifier.
    const std::size_t step = upsample_ > 1 ? 4 : 3;
    std::vector<ss::NameRule> rules;
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      ss::add_conv_names(rules, "convs." + std::to_string(i), prefix + std::to_string(i * step),
                         prefix + std::to_string(i * step + 1));
    }
    if (query.role != ss::Role::context) {
      rules.push_back({"classifier", prefix + std::to_string(convs_.size() * step + 1)});
    }
    return rules;
  }

  static nn::ConvSpec convolution(const FcnOptions& options, int64_t in) {
    return {.in = in,
            .out = options.channels,
            .kernel = options.kernel,
            .norm = nn::batch_norm,
            .activation = nn::activation_named(options.activation)};
  }

  static std::string mmsegmentation_module(const ss::NamesQuery& query) {
    if (query.role == ss::Role::head) return "decode_head.";
    if (query.read_by_head) return "decode_head.0.";  // the first of a cascade
    return query.siblings > 1 ? "auxiliary_head." + std::to_string(query.index) + "." : "auxiliary_head.";
  }

  std::vector<ss::NameRule> mmsegmentation_names(const ss::NamesQuery& query) const {
    const std::string module = mmsegmentation_module(query);
    std::vector<ss::NameRule> rules = {{"classifier", module + "conv_seg"}};
    if (fuse_) ss::add_conv_names(rules, "fuse", module + "conv_cat.conv", module + "conv_cat.bn");
    for (std::size_t i = 0; i < convs_.size(); ++i) {
      const std::string index = "convs." + std::to_string(i);
      ss::add_conv_names(rules, index, module + index + ".conv", module + index + ".bn");
    }
    return rules;
  }

  // One convolution, its norm, an activation, a dropout, the classifier; and there is one auxiliary head at most.
  std::vector<ss::NameRule> torchvision_names(const ss::NamesQuery& query) const {
    if (convs_.size() != 1 || fuse_ || query.siblings > 1) return {};
    const std::string module = query.role == ss::Role::head ? "classifier." : "aux_classifier.";
    return {{"convs.0.conv", module + "0"}, {"convs.0.norm", module + "1"}, {"classifier", module + "4"}};
  }

  static std::string module_of(const ss::NamesQuery& query) {
    if (query.role == ss::Role::head) return "decoder.";
    if (query.role == ss::Role::context) return "context_within_image_module.";
    return query.siblings > 1 ? "auxiliary_decoder." + std::to_string(query.index) + "." : "auxiliary_decoder.";
  }

  ss::Tensor upsampled(const ss::Tensor& x) const {
    if (upsample_ == 1) return x;
    const ss::Size size = x.spatial();
    return ss::resize_nearest(x, {size.height * upsample_, size.width * upsample_});
  }

  std::vector<nn::Conv> convs_;
  std::optional<nn::Conv> fuse_;  // of the feature and the convolutions' result
  int64_t upsample_;
};

}  // namespace

SSHOST_PLUGIN("fcn", "1.0.0", ss::head<Fcn, FcnOptions>("fcn", "a few convolutions; also the usual auxiliary head"))
