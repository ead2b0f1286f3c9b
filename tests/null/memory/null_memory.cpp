// The smallest memory: it counts the images that it has seen, and adds nothing to the pixels.
#include <sshost/memory.hpp>
#include <sshost/nn.hpp>

namespace {

struct NullState {
  int64_t images = 0;
};

class NullMemory final : public ss::Memory<NullState> {
 public:
  NullMemory(ss::Builder& build, const ss::MemorySpec& spec)
      : classifier_(build, "classifier", {.in = channels(spec), .out = spec.classes}), seen_(build, "seen", {1}) {}

  ss::Tensor forward(ss::Context& ctx, const ss::MemoryInputs& inputs, NullState& state) const override {
    const ss::Tensor& map = inputs.context ? inputs.context : inputs.features.back();
    state.images = map.size(0);
    return classifier_(ctx, map);
  }

  std::vector<ss::Tensor> statistics(ss::Context& ctx, const NullState& state, const ss::Tensor&) const override {
    return {ss::full_like(seen_(ctx), state.images)};
  }

  void apply(ss::Context& ctx, std::span<const ss::Tensor> statistics) const override {
    seen_.write(ctx, seen_(ctx) + statistics[0]);
  }

 private:
  static int64_t channels(const ss::MemorySpec& spec) {
    return spec.context_channels > 0 ? spec.context_channels : spec.features.back().channels;
  }

  ss::nn::Conv classifier_;
  ss::nn::Buffer seen_;
};

}  // namespace

SSHOST_PLUGIN("null_memory", "1.0.0", ss::memory<NullMemory>("null", "counts images"))
