// MCIBI: a memory of class representations beyond the image (Jin et al., "Mining Contextual Information Beyond Image
// for Semantic Segmentation", ICCV 2021).
//
// Every pixel is classified coarsely, the class representations of the memory are averaged by its class probabilities,
// and attention fuses what was mined with the pixel's own representation, and with a context head's where there is one.
#include <sshost/memory.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/attention_block.hpp>
#include <sshost/ops.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "class_statistics.hpp"
#include "memory_update.hpp"

namespace mcibi {
namespace {

struct UpdateOptions {
  std::string strategy = "cosine_similarity";
  double momentum = 0.9;
  bool adjust_by_learning_rate = true;
  std::optional<double> base_lr;

  static ss::Schema<UpdateOptions> schema() {
    return {{"strategy", &UpdateOptions::strategy, "what a pixel counts: all the same, or by 1 - its similarity",
             ss::choices({"mean", "cosine_similarity"})},
            {"momentum", &UpdateOptions::momentum, "weight of a batch in the memory", ss::between(0, 1)},
            {"adjust_by_learning_rate", &UpdateOptions::adjust_by_learning_rate, "times lr / base_lr"},
            {"base_lr", &UpdateOptions::base_lr, "null: the optimiser's", ss::at_least(0)}};
  }
};

struct Options {
  int64_t channels = 512;
  int64_t transform_channels = 256;
  int64_t out_channels = 512;
  int64_t vectors_per_class = 1;
  double dropout = 0.1;
  std::string activation = "relu";
  bool hard_aggregation = false;
  double coarse_loss_weight = 0.4;
  bool consistency_loss = false;
  double consistency_loss_weight = 1.0;
  std::string memory_in_backward = "updated";
  UpdateOptions update;

  static ss::Schema<Options> schema() {
    return {{"channels", &Options::channels, "width of pixel and class representations", ss::at_least(1)},
            {"transform_channels", &Options::transform_channels, "width of queries and keys", ss::at_least(1)},
            {"out_channels", &Options::out_channels, "width before the classifiers", ss::at_least(1)},
            {"vectors_per_class", &Options::vectors_per_class, "representations that each class has", ss::at_least(1)},
            {"dropout", &Options::dropout, "channel dropout before the classifiers", ss::between(0, 1)},
            {"activation", &Options::activation, "after every norm",
             ss::choices({"relu", "leaky_relu", "prelu", "gelu", "silu"})},
            {"hard_aggregation", &Options::hard_aggregation, "mine by the likeliest class instead of probabilities"},
            {"coarse_loss_weight", &Options::coarse_loss_weight, "of the coarse logits", ss::at_least(0)},
            {"consistency_loss", &Options::consistency_loss, "classify the memory too, from the second epoch on"},
            {"consistency_loss_weight", &Options::consistency_loss_weight, "of that loss", ss::at_least(0)},
            {"memory_in_backward", &Options::memory_in_backward,
             "the memory that gradients see: after the update as published, or as it was in the forward",
             ss::choices({"updated", "frozen"})},
            {"update", &Options::update, "how a batch moves the memory"}};
  }
};

// 1 x 1 convolution, channel dropout, classifier.
class Decoder {
 public:
  Decoder(const ss::Builder& build, const Options& options, int64_t classes, const ss::nn::ActivationSpec& activation)
      : conv_(build, "",
              {.in = options.channels,
               .out = options.out_channels,
               .norm = ss::nn::batch_norm,
               .activation = activation}),
        dropout_(build, options.dropout),
        classifier_(build, "classifier", {.in = options.out_channels, .out = classes}) {}

  ss::Tensor operator()(ss::Context& ctx, const ss::Tensor& x) const {
    return classifier_(ctx, dropout_(ctx, conv_(ctx, x)));
  }

 private:
  ss::nn::Conv conv_;
  ss::nn::ChannelDropout dropout_;
  ss::nn::Conv classifier_;
};

// A 3 x 3 convolution of two concatenated maps back to one's width.
ss::nn::Conv fusion(const ss::Builder& build, const char* name, const Options& options,
                    const ss::nn::ActivationSpec& activation) {
  return {build,
          name,
          {.in = 2 * options.channels,
           .out = options.channels,
           .kernel = 3,
           .norm = ss::nn::batch_norm,
           .activation = activation}};
}

// What a forward leaves for the update: the pixel representations [N, C, h, w], without their gradient.
struct ForwardState {
  ss::Tensor representation;
};

class Mcibi final : public ss::Memory<ForwardState> {
 public:
  static ss::Schema<Options> schema() { return Options::schema(); }
  static constexpr std::string_view formats[] = {"sssegmentation"};

  Mcibi(ss::Builder& build, const Options& options, const ss::MemorySpec& spec)
      : Mcibi(build, options, spec, ss::nn::activation_named(options.activation)) {}

  ss::Tensor forward(ss::Context& ctx, const ss::MemoryInputs& inputs, ForwardState& state) const override {
    const ss::Tensor representation = bottleneck_(ctx, inputs.features.back());
    state.representation = ss::detach(representation);
    const ss::Tensor coarse = coarse_(ctx, representation);
    if (ctx.training()) ctx.predict({.name = "coarse", .logits = coarse, .loss_weight = options_.coarse_loss_weight});

    ss::Tensor fused = fuse_(ctx, {representation, mine(ctx, representation, coarse)});
    if (inputs.context) {
      fused = context_->fuse(ctx, {context_->attention(ctx, representation, inputs.context), fused});
    }
    return decoder_(ctx, fused);
  }

  std::vector<ss::Tensor> statistics(ss::Context& ctx, const ForwardState& state,
                                     const ss::Tensor& labels) const override {
    const Strategy strategy = options_.update.strategy == "mean" ? Strategy::mean : Strategy::cosine_similarity;
    const ss::Tensor memory = memory_(ctx);
    // A forward in reduced precision leaves a representation of that; sums over many pixels need the memory's.
    return class_statistics(ss::to_like(state.representation, memory), labels, memory, strategy).tensors();
  }

  void apply(ss::Context& ctx, std::span<const ss::Tensor> statistics) const override {
    memory_.write(ctx, updated_memory(memory_(ctx), ClassStatistics::from(statistics), momentum(ctx)));
  }

  void after_update(ss::Context& ctx, const ForwardState&) const override {
    if (!options_.consistency_loss || ctx.epoch() < 2) return;
    const ss::Tensor memory = memory_(ctx);
    const int64_t vectors = classes_ * options_.vectors_per_class;
    const ss::Tensor own_class =
        ss::reshape(ss::expand(ss::unsqueeze(ss::arange(classes_, memory), 1), {classes_, options_.vectors_per_class}),
                    {vectors, 1, 1});
    ctx.predict({.name = "consistency",
                 .logits = decoder_(ctx, ss::reshape(memory, {vectors, options_.channels, 1, 1})),
                 .target = own_class,
                 .loss_weight = options_.consistency_loss_weight});
  }

  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    if (query.format != "sssegmentation") return {};
    std::vector<ss::NameRule> rules = {{"memory", "memory_module.memory"}};
    add_conv(rules, "bottleneck", "bottleneck");
    add_conv(rules, "fuse", "memory_module.bottleneck");
    add_conv(rules, "fuse_vectors", "memory_module.fuse_memory_conv");
    add_conv(rules, "fuse_context", "memory_module.bottleneck_ms");
    add_decoder(rules, "coarse", "decoder_stage1");
    add_decoder(rules, "decoder", "decoder_stage2");
    add_attention(rules, "attention_context", "memory_module.self_attention_ms");
    for (std::size_t j = 0; j < attentions_.size(); ++j) {
      const std::string j_th = "." + std::to_string(j);
      add_attention(rules, "attention" + j_th,
                    attentions_.size() == 1 ? "memory_module.self_attention" : "memory_module.self_attentions" + j_th);
    }
    return rules;
  }

 private:
  struct Context {
    ss::nn::AttentionBlock attention;
    ss::nn::Conv fuse;
  };

  Mcibi(ss::Builder& build, const Options& options, const ss::MemorySpec& spec,
        const ss::nn::ActivationSpec& activation)
      : options_(options),
        classes_(spec.classes),
        bottleneck_(build, "bottleneck",
                    {.in = spec.features.back().channels,
                     .out = options.channels,
                     .kernel = 3,
                     .norm = ss::nn::batch_norm,
                     .activation = activation}),
        coarse_(build.scope("coarse"), options, spec.classes, activation),
        memory_(build, "memory", {spec.classes, options.vectors_per_class, options.channels}),
        fuse_(fusion(build, "fuse", options, activation)),
        decoder_(build.scope("decoder"), options, spec.classes, activation) {
    const ss::nn::AttentionBlockSpec sizes{options.channels, options.channels, options.transform_channels};
    for (int64_t j = 0; j < options.vectors_per_class; ++j) {
      attentions_.emplace_back(build.scope("attention").scope(j), sizes, activation);
    }
    if (options.vectors_per_class > 1) {
      fuse_vectors_.emplace(build, "fuse_vectors",
                            ss::nn::ConvSpec{.in = options.vectors_per_class * options.channels,
                                             .out = options.channels,
                                             .norm = ss::nn::batch_norm,
                                             .activation = activation});
    }
    if (spec.context_channels == 0) return;
    context_.emplace(Context{
        ss::nn::AttentionBlock(build.scope("attention_context"),
                               {options.channels, spec.context_channels, options.transform_channels}, activation),
        fusion(build, "fuse_context", options, activation)});
  }

  // What the memory knows of each pixel: [N, C, h, w].
  ss::Tensor mine(ss::Context& ctx, const ss::Tensor& representation, const ss::Tensor& coarse) const {
    const ss::Tensor weights = ss::permute(class_weights(coarse), {0, 2, 3, 1});
    const ss::Tensor memory = options_.memory_in_backward == "frozen" ? ss::clone(memory_(ctx)) : memory_(ctx);
    std::vector<ss::Tensor> mined;
    for (std::size_t j = 0; j < attentions_.size(); ++j) {
      const ss::Tensor of_classes = ss::matmul(weights, ss::select(memory, 1, static_cast<int64_t>(j)));
      mined.push_back(attentions_[j](ctx, representation, ss::contiguous(ss::permute(of_classes, {0, 3, 1, 2}))));
    }
    return fuse_vectors_ ? (*fuse_vectors_)(ctx, mined) : mined.front();
  }

  // How much of each class a pixel takes: [N, K, h, w], summing to 1.
  ss::Tensor class_weights(const ss::Tensor& coarse) const {
    if (!options_.hard_aggregation) return ss::softmax(coarse, 1);
    const ss::Tensor likeliest = ss::one_hot(ss::argmax(coarse, 1), classes_);  // [N, h, w, K]
    return ss::to_like(ss::permute(likeliest, {0, 3, 1, 2}), coarse);
  }

  double momentum(const ss::Context& ctx) const {
    const UpdateOptions& update = options_.update;
    return update.adjust_by_learning_rate ? update.momentum * ctx.learning_rate_ratio(update.base_lr) : update.momentum;
  }

  static void add_conv(std::vector<ss::NameRule>& rules, const std::string& ours, const std::string& theirs) {
    ss::add_conv_names(rules, ours, theirs + ".0", theirs + ".1");
  }
  static void add_decoder(std::vector<ss::NameRule>& rules, const std::string& ours, const std::string& theirs) {
    add_conv(rules, ours, theirs);
    rules.push_back({ours + ".classifier", theirs + ".4"});
  }
  static void add_attention(std::vector<ss::NameRule>& rules, const std::string& ours, const std::string& theirs) {
    for (ss::NameRule& rule : ss::nn::attention_block_names(ours, theirs)) rules.push_back(std::move(rule));
  }

  Options options_;
  int64_t classes_;
  ss::nn::Conv bottleneck_;
  Decoder coarse_;
  ss::nn::Buffer memory_;                           // [K, m, C], zero at the start
  std::vector<ss::nn::AttentionBlock> attentions_;  // one for each vector of a class
  std::optional<ss::nn::Conv> fuse_vectors_;
  ss::nn::Conv fuse_;
  std::optional<Context> context_;  // with a context head
  Decoder decoder_;
};

}  // namespace
}  // namespace mcibi

SSHOST_PLUGIN("mcibi", "1.0.0", (ss::memory<mcibi::Mcibi, mcibi::Options>("mcibi", "class memory beyond the image")))
