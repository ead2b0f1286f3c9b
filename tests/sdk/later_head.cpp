// A head of layers that came with ss.layers/2.
#include <sshost/head.hpp>
#include <sshost/nn.hpp>

namespace {

class LaterHead final : public ss::Head {
 public:
  LaterHead(ss::Builder& build, const ss::HeadSpec& in)
      : Head(build, in, {.channels = 8, .dropout = 0}),
        fuse_(build, "fuse",
              {.in = in.features.back().channels,
               .out = 8,
               .kernel = 2,
               .padding = ss::nn::same,
               .norm = ss::nn::instance_norm,
               .activation = ss::nn::hardswish}),
        attend_(build, "attn", {.channels = 8, .heads = 2}) {}

  // Pixels attend to the map at half its size, as in SegFormer.
  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor map = fuse_(ctx, features.back());
    const ss::Tensor tokens = ss::transpose(ss::flatten(map, 2), 1, 2);
    const ss::Tensor coarse = ss::transpose(ss::flatten(ss::adaptive_avg_pool2d(map, 1), 2), 1, 2);
    const ss::Tensor attended = ss::transpose(tokens + attend_(ctx, tokens, coarse), 1, 2);
    return ss::reshape(attended, {map.size(0), 8, map.size(2), map.size(3)});
  }

 private:
  ss::nn::Conv fuse_;
  ss::nn::CrossAttention attend_;
};

}  // namespace

SSHOST_PLUGIN("later_head", "1.0.0", ss::head<LaterHead>("later", "layers that an older host does not know"))
