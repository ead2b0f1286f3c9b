// The last map decides where the first one counts: a product with its sigmoid, resized by an operator that is called
// by name.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>

#include <cstdint>
#include <stdexcept>

namespace {

struct GatedOptions {
  int64_t channels = 32;
  double dropout = 0.1;
};

class GatedHead final : public ss::Head {
 public:
  static ss::Schema<GatedOptions> schema() {
    return {{"channels", &GatedOptions::channels, "width of the representation", ss::at_least(1)},
            {"dropout", &GatedOptions::dropout, "channel dropout before the classifier", ss::between(0, 1)}};
  }

  GatedHead(ss::Builder& build, const GatedOptions& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = options.channels, .dropout = options.dropout}),
        detail_(build, "detail",
                {.in = in.features.front().channels,
                 .out = options.channels,
                 .norm = ss::nn::batch_norm,
                 .activation = ss::nn::relu}),
        gate_(build, "gate", {.in = in.features.back().channels, .out = options.channels}) {
    if (in.features.size() < 2) throw std::invalid_argument("expected two or more feature maps, found one");
  }

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor detail = detail_(ctx, features.front());
    const ss::Tensor gate = ss::sigmoid(gate_(ctx, features.back()));
    return detail * ss::call<"aten::upsample_nearest2d">({gate, {detail.size(2), detail.size(3)}});
  }

 private:
  ss::nn::Conv detail_;
  ss::nn::Conv gate_;
};

}  // namespace

SSHOST_PLUGIN("somebody_elses_head", "0.1.0", ss::head<GatedHead, GatedOptions>("gated", "one map gates another"))
