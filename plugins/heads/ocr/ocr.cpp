// Object-contextual representations (Yuan et al., "Object-Contextual Representations for Semantic Segmentation",
// ECCV 2020): every pixel attends to the regions of the classes, which an auxiliary head's coarse logits outline.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/attention_block.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace nn = ss::nn;

struct OcrOptions {
  int64_t channels = 512;
  int64_t transform_channels = 256;
  double scale = 1;
  int64_t fuse_kernel = 3;
  int64_t auxiliary = 0;
  double dropout = 0;
  std::string activation = "relu";
};

class Ocr final : public ss::Head {
 public:
  static ss::Schema<OcrOptions> schema() {
    return {
        {"channels", &OcrOptions::channels, "width of pixels, of regions and of the output", ss::at_least(1)},
        {"transform_channels", &OcrOptions::transform_channels, "width of queries and keys", ss::at_least(1)},
        {"scale", &OcrOptions::scale, "of the coarse logits before their softmax over the pixels", ss::at_least(0)},
        {"fuse_kernel", &OcrOptions::fuse_kernel,
         "side of the convolution that fuses context and pixels; mmsegmentation's checkpoints have 1",
         ss::choices({1, 3})},
        {"auxiliary", &OcrOptions::auxiliary, "which of model.auxiliary gives the coarse logits", ss::at_least(0)},
        {"dropout", &OcrOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)},
        {"activation", &OcrOptions::activation, "after each convolution", ss::choices({"relu", "leaky_relu"})},
    };
  }

  Ocr(ss::Builder& build, const OcrOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        coarse_(want("auxiliary." + std::to_string(options.auxiliary) + ".logits")),
        scale_(options.scale),
        pixels_(build, "pixels", convolution(options, in.features.back().channels, 3)),
        attention_(build.scope("attention"),
                   {.query = options.channels, .key = options.channels, .transform = options.transform_channels},
                   nn::activation_named(options.activation)),
        fuse_(build, "fuse", convolution(options, 2 * options.channels, options.fuse_kernel)) {}

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor pixels = pixels_(ctx, features.back());
    const ss::Tensor context = attention_(ctx, pixels, regions(pixels, features[coarse_]));
    return fuse_(ctx, {context, pixels});
  }

  static constexpr std::string_view formats[] = {"sssegmentation", "mmsegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format == "sssegmentation" && query.role == ss::Role::head) return names_under("", "0", "1", "decoder.1");
    if (query.format == "sssegmentation" && query.role == ss::Role::context) {
      return names_under("context_within_image_module.", "0", "1", "");
    }
    // The second of mmsegmentation's cascade; the first one gives the coarse logits.
    if (query.format == "mmsegmentation" && query.role == ss::Role::head) {
      return names_under("decode_head.1.", "conv", "bn", "decode_head.1.conv_seg");
    }
    return {};
  }

 private:
  static nn::ConvSpec convolution(const OcrOptions& options, int64_t in, int64_t kernel) {
    return {.in = in,
            .out = options.channels,
            .kernel = kernel,
            .norm = nn::batch_norm,
            .activation = nn::activation_named(options.activation)};
  }

  // The mean of the pixels [N, C, h, w] over each class's region, as a map of K x 1 pixels: [N, C, K, 1].
  ss::Tensor regions(const ss::Tensor& pixels, const ss::Tensor& coarse) const {
    const ss::Tensor logits = ss::flatten(ss::resize_bilinear(coarse, pixels.spatial()), 2);
    const ss::Tensor weights = ss::softmax(logits * scale_, -1);                                // [N, K, h * w]
    const ss::Tensor means = ss::matmul(ss::flatten(pixels, 2), ss::transpose(weights, 1, 2));  // [N, C, K]
    return ss::unsqueeze(means, 3);
  }

  // Rules for checkpoints that call the parts of a convolution `conv` and `norm`.
  static std::vector<ss::NameRule> names_under(const std::string& prefix, const std::string& conv,
                                               const std::string& norm, const std::string& classifier) {
    const std::string block = prefix + "object_context_block";
    std::vector<ss::NameRule> rules = nn::attention_block_names("attention", block, conv, norm);
    ss::add_conv_names(rules, "pixels", prefix + "bottleneck." + conv, prefix + "bottleneck." + norm);
    ss::add_conv_names(rules, "fuse", block + ".bottleneck." + conv, block + ".bottleneck." + norm);
    if (!classifier.empty()) rules.push_back({"classifier", classifier});
    return rules;
  }

  ss::NamedInput coarse_;
  double scale_;
  nn::Conv pixels_;
  nn::AttentionBlock attention_;
  nn::Conv fuse_;
};

}  // namespace

SSHOST_PLUGIN("ocr", "1.0.0",
              ss::head<Ocr, OcrOptions>("ocr", "head of OCRNet: pixels attend to the regions of the classes"))
