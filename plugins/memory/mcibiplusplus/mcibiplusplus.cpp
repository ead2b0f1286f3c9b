// MCIBI++: mining by soft class probabilities in distributions of class representations (Jin et al., "MCIBI++: Soft
// Mining Contextual Information Beyond Image for Semantic Segmentation", TPAMI 2022).
//
// The memory holds a mean and a deviation for each class, from which class representations are drawn. Every pixel
// averages them by its class probabilities; attention and a convolution fuse what was mined with the pixel's own
// representation. A context head's representation is set beside the result, or attends to it, or tops a feature
// pyramid.
#include <sshost/memory.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/attention_block.hpp>
#include <sshost/nn/feature_pyramid.hpp>

#include <optional>
#include <string>
#include <vector>

#include "class_distributions.hpp"
#include "class_logits.hpp"
#include "layout.hpp"
#include "options.hpp"
#include "published_names.hpp"
#include "soft_mining.hpp"

namespace mcibiplusplus {
namespace {

class Decoder {
 public:
  Decoder(const ss::Builder& build, const DecoderOptions& options, int64_t in, int64_t classes,
          const ss::nn::ActivationSpec& activation)
      : conv_(build, "",
              {.in = in,
               .out = options.channels,
               .kernel = options.kernel,
               .norm = ss::nn::batch_norm,
               .activation = activation}),
        dropout_(build, options.dropout),
        classifier_(build, "classifier", {.in = options.channels, .out = classes}) {}

  // The parts are resized to the first one's size and concatenated.
  ss::Tensor operator()(ss::Context& ctx, const std::vector<ss::Tensor>& parts) const {
    return classifier_(ctx, dropout_(ctx, conv_(ctx, parts)));
  }

 private:
  ss::nn::Conv conv_;
  ss::nn::ChannelDropout dropout_;
  ss::nn::Conv classifier_;
};

// What a forward leaves for the update: the pixel representations [N, C, h, w], without their gradient.
struct ForwardState {
  ss::Tensor representation;
};

class McibiPlusPlus final : public ss::Memory<ForwardState> {
 public:
  static ss::Schema<Options> schema() { return Options::schema(); }
  static constexpr std::string_view formats[] = {"sssegmentation"};

  McibiPlusPlus(ss::Builder& build, const Options& options, const ss::MemorySpec& spec)
      : McibiPlusPlus(build, options, spec, layout_of(options, spec), ss::nn::activation_named(options.activation)) {}

  ss::Tensor forward(ss::Context& ctx, const ss::MemoryInputs& inputs, ForwardState& state) const override {
    const ss::Tensor pixels = bottleneck_(ctx, inputs.features.back());
    state.representation = ss::detach(pixels);
    const ss::Tensor context = at_size(inputs.context, pixels.spatial());
    const ss::Tensor logits = class_logits(ctx, inputs, pixels, context);
    ss::Tensor mined = mine_(ctx, pixels, class_weights(logits, options_.hard_aggregation),
                             class_vectors(ctx, memory_(ctx), options_.channels));
    if (self_attention_) mined = (*self_attention_)(ctx, context, mined);
    return decoder_(ctx, result(ctx, inputs.features, context, mined));
  }

  std::vector<ss::Tensor> statistics(ss::Context& ctx, const ForwardState& state,
                                     const ss::Tensor& labels) const override {
    // A forward in reduced precision leaves a representation of that; sums over many pixels need the memory's.
    return class_statistics(ss::to_like(state.representation, memory_(ctx)), labels, classes_).tensors();
  }

  void apply(ss::Context& ctx, std::span<const ss::Tensor> statistics) const override {
    memory_.write(ctx, updated_distributions(memory_(ctx), ClassStatistics::from(statistics), momentum(ctx)));
  }

  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format != "sssegmentation") return {};
    return published_names(fpn_ ? fpn_->levels() : 0);
  }

 private:
  McibiPlusPlus(ss::Builder& build, const Options& options, const ss::MemorySpec& spec, const Layout& layout,
                const ss::nn::ActivationSpec& activation)
      : options_(options),
        classes_(spec.classes),
        joins_late_(layout.joins_late),
        bottleneck_(build, "bottleneck",
                    {.in = spec.features.back().channels,
                     .out = options.channels,
                     .kernel = 3,
                     .norm = ss::nn::batch_norm,
                     .activation = activation}),
        memory_(build, "memory", {classes_, 2}, {.initial = ss::nn::values_of(standard_distributions(classes_))}),
        mine_(build, options, activation),
        pixel_decoder_(build.scope("pixel_decoder"), options.pixel_decoder, options.channels, classes_, activation),
        decoder_(build.scope("decoder"), options.decoder, layout.result, classes_, activation) {
    if (layout.has_context) {
      context_decoder_.emplace(build.scope("context_decoder"), options.context_decoder, spec.context_channels, classes_,
                               activation);
    }
    if (layout.attends) {
      const ss::nn::AttentionBlockSpec sizes{
          .query = spec.context_channels, .key = options.channels, .transform = options.channels / 2};
      self_attention_.emplace(build.scope("self_attention"), sizes, activation);
    }
    if (options.fpn) {
      const ss::nn::FeaturePyramidSpec pyramid{
          .in = layout.below, .channels = layout.top, .out = options.fpn->out_channels, .activation = activation};
      fpn_.emplace(build.scope("fpn"), pyramid);
    }
  }

  // A head's representation may be finer than the last feature.
  static ss::Tensor at_size(const ss::Tensor& context, ss::Size size) {
    if (!context || context.spatial() == size) return context;
    return ss::resize_bilinear(context, size);
  }

  // By which each pixel mines. In training the decoders' logits have losses, whether or not they are mined by.
  ss::Tensor class_logits(ss::Context& ctx, const ss::MemoryInputs& inputs, const ss::Tensor& pixels,
                          const ss::Tensor& context) const {
    const bool by_pixels = !context || options_.mine_by_pixel_logits, training = ctx.training();
    ss::Tensor of_pixels, of_context;
    if (context && (training || !by_pixels)) of_context = (*context_decoder_)(ctx, {context});
    if (training || by_pixels) of_pixels = pixel_decoder_(ctx, {pixels});
    const ss::Tensor& chosen = by_pixels ? of_pixels : of_context;
    if (!training) return inputs.previous_logits ? with_earlier_pass(chosen, inputs.previous_logits) : chosen;

    ctx.predict({.name = "pixel", .logits = of_pixels, .loss_weight = options_.pixel_loss_weight});
    if (context) ctx.predict({.name = "context", .logits = of_context, .loss_weight = options_.context_loss_weight});
    if (ctx.epoch() >= options_.warmup_epoch) return chosen;
    return one_hot_labels(inputs.labels, classes_, pixels.spatial(), pixels);
  }

  // What is classified, the largest map first: memory and context, with the pyramid's levels where there is one.
  std::vector<ss::Tensor> result(ss::Context& ctx, const ss::Features& features, const ss::Tensor& context,
                                 const ss::Tensor& mined) const {
    std::vector<ss::Tensor> parts{mined};
    if (context) parts.push_back(context);
    if (!fpn_) return parts;
    const ss::Tensor top = joins_late_ ? context : ss::cat(parts, 1);
    std::vector<ss::Tensor> levels = (*fpn_)(ctx, features.first(fpn_->levels()), top);
    if (joins_late_) levels.push_back(mined);
    return levels;
  }

  double momentum(const ss::Context& ctx) const {
    const UpdateOptions& update = options_.update;
    return update.adjust_by_learning_rate ? update.momentum * ctx.learning_rate_ratio(update.base_lr) : update.momentum;
  }

  Options options_;
  int64_t classes_;
  bool joins_late_;
  ss::nn::Conv bottleneck_;
  ss::nn::Buffer memory_;  // [K, 2]: mean and standard deviation, (0, 1) at the start
  SoftMining mine_;
  Decoder pixel_decoder_;
  std::optional<Decoder> context_decoder_;                // with a context head
  std::optional<ss::nn::AttentionBlock> self_attention_;  // with a context head, unless it is off
  std::optional<ss::nn::FeaturePyramid> fpn_;
  Decoder decoder_;
};

}  // namespace
}  // namespace mcibiplusplus

SSHOST_PLUGIN("mcibiplusplus", "1.0.0",
              (ss::memory<mcibiplusplus::McibiPlusPlus, mcibiplusplus::Options>(
                  "mcibiplusplus", "class distributions beyond the image, mined softly")))
