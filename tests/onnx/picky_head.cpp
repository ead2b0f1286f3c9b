// A head that calls what ONNX has no counterpart for or, told so, does something else for large images.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>
#include <sshost/ops.hpp>

namespace {

struct Options {
  bool minds_size = false;
  static ss::Schema<Options> schema() { return {{"minds_size", &Options::minds_size, "sine of small images alone"}}; }
};

class PickyHead final : public ss::Head {
 public:
  PickyHead(ss::Builder& build, const Options& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = 8, .dropout = 0}),
        minds_size_(options.minds_size),
        mix_(build, "mix", {.in = in.features.back().channels, .out = 8, .norm = ss::nn::batch_norm}) {}

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor x = mix_(ctx, features.back());
    if (minds_size_) return x.size(2) > 20 ? x : ss::sin(x);
    return ss::call<"aten::lgamma">({x}) + ss::call<"aten::i0">({x});
  }

 private:
  bool minds_size_;
  ss::nn::Conv mix_;
};

}  // namespace

SSHOST_PLUGIN("picky_head", "1.0.0", ss::head<PickyHead, Options>("picky", "what cannot be exported"))
