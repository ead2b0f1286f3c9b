// What a pipeline may say of the memory; the defaults are the published ones.
#ifndef SSHOST_MCIBIPLUSPLUS_OPTIONS_HPP
#define SSHOST_MCIBIPLUSPLUS_OPTIONS_HPP

#include <sshost/options.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace mcibiplusplus {

// Convolution, norm and activation, then channel dropout and the classifier.
struct DecoderOptions {
  int64_t channels = 512;
  int64_t kernel = 1;
  double dropout = 0.1;

  static ss::Schema<DecoderOptions> schema() {
    return {{"channels", &DecoderOptions::channels, "width before the classifier", ss::at_least(1)},
            {"kernel", &DecoderOptions::kernel, "of the convolution before the classifier", ss::choices({1, 3})},
            {"dropout", &DecoderOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)}};
  }
};

struct FpnOptions {
  int64_t channels = 1024;
  int64_t out_channels = 512;

  static ss::Schema<FpnOptions> schema() {
    return {{"channels", &FpnOptions::channels,
             "width that levels are added in: the top's, which is memory and context side by side", ss::at_least(1)},
            {"out_channels", &FpnOptions::out_channels, "width of each level below the top", ss::at_least(1)}};
  }
};

struct UpdateOptions {
  double momentum = 0.1;
  bool adjust_by_learning_rate = false;
  std::optional<double> base_lr;

  static ss::Schema<UpdateOptions> schema() {
    return {{"momentum", &UpdateOptions::momentum, "weight of a batch in the memory", ss::between(0, 1)},
            {"adjust_by_learning_rate", &UpdateOptions::adjust_by_learning_rate, "times lr / base_lr"},
            {"base_lr", &UpdateOptions::base_lr, "null: the optimiser's", ss::at_least(0)}};
  }
};

struct Options {
  int64_t channels = 512;
  int64_t transform_channels = 256;
  std::string activation = "relu";
  int64_t warmup_epoch = 0;
  bool hard_aggregation = false;
  bool mine_by_pixel_logits = false;
  bool downsample_before_attention = false;
  bool self_attention = true;
  std::optional<FpnOptions> fpn;
  bool fuse_before_fpn = true;
  DecoderOptions pixel_decoder;
  DecoderOptions context_decoder;
  DecoderOptions decoder;
  double pixel_loss_weight = 0.4;
  double context_loss_weight = 1.0;
  UpdateOptions update;

  static ss::Schema<Options> schema() {
    return {
        {"channels", &Options::channels, "width of pixel and class representations", ss::at_least(2)},
        {"transform_channels", &Options::transform_channels, "width of queries and keys", ss::at_least(1)},
        {"activation", &Options::activation, "after every norm",
         ss::choices({"relu", "leaky_relu", "prelu", "gelu", "silu"})},
        {"warmup_epoch", &Options::warmup_epoch, "before this epoch, training mines by the labels", ss::at_least(0)},
        {"hard_aggregation", &Options::hard_aggregation, "mine by the likeliest class instead of probabilities"},
        {"mine_by_pixel_logits", &Options::mine_by_pixel_logits,
         "mine by the pixel decoder's logits even where there is a context head"},
        {"downsample_before_attention", &Options::downsample_before_attention,
         "pixels attend to what was mined at half the size"},
        {"self_attention", &Options::self_attention,
         "the context attends to the memory's result; nothing without a context head"},
        {"fpn", &Options::fpn, "a feature pyramid over all features, with memory and context as its top"},
        {"fuse_before_fpn", &Options::fuse_before_fpn,
         "the pyramid's top holds the memory beside the context; else the memory joins after the pyramid"},
        {"pixel_decoder", &Options::pixel_decoder, "classifies the pixel representations"},
        {"context_decoder", &Options::context_decoder, "classifies the context head's representation"},
        {"decoder", &Options::decoder, "classifies the result"},
        {"pixel_loss_weight", &Options::pixel_loss_weight, "of the pixel decoder's logits", ss::at_least(0)},
        {"context_loss_weight", &Options::context_loss_weight, "of the context decoder's logits", ss::at_least(0)},
        {"update", &Options::update, "how a batch moves the memory"},
    };
  }
};

}  // namespace mcibiplusplus

#endif
