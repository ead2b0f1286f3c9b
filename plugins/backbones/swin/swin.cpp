// Swin transformer (Liu et al., "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows", ICCV 2021).
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/patch_embedding.hpp>
#include <sshost/nn/tokens.hpp>

#include <algorithm>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "block.hpp"
#include "merging.hpp"
#include "names.hpp"
#include "window.hpp"

namespace {

namespace nn = ss::nn;

struct SwinOptions {
  std::string variant = "large";
  std::optional<int64_t> channels;
  std::optional<std::vector<int64_t>> depths;
  std::optional<std::vector<int64_t>> heads;
  std::optional<int64_t> window_size;
  int64_t patch_size = 4;
  double mlp_ratio = 4;
  double dropout = 0;
  double drop_path_rate = 0.3;
};

// What the options come to.
struct Architecture {
  int64_t channels;  // of the first stage; each further one has twice as many
  std::vector<int64_t> depths;
  std::vector<int64_t> heads;
  int64_t window;
};

Architecture published(std::string_view variant) {
  if (variant == "tiny") return {96, {2, 2, 6, 2}, {3, 6, 12, 24}, 7};
  if (variant == "small") return {96, {2, 2, 18, 2}, {3, 6, 12, 24}, 7};
  if (variant == "base") return {128, {2, 2, 18, 2}, {4, 8, 16, 32}, 7};
  if (variant == "large") return {192, {2, 2, 18, 2}, {6, 12, 24, 48}, 12};
  throw ss::Error("variant is tiny, small, base or large, not " + std::string(variant));
}

Architecture architecture_of(const SwinOptions& options) {
  Architecture result = published(options.variant);
  result.channels = options.channels.value_or(result.channels);
  result.depths = options.depths.value_or(result.depths);
  result.heads = options.heads.value_or(result.heads);
  result.window = options.window_size.value_or(result.window);
  if (result.depths.size() == result.heads.size()) return result;
  throw ss::Error("depths and heads: expected one number for each stage in both, found " +
                  std::to_string(result.depths.size()) + " and " + std::to_string(result.heads.size()));
}

struct Stage {
  int64_t channels;
  std::vector<Block> blocks;
  nn::Norm norm;                          // of what is given out
  std::optional<PatchMerging> merging{};  // of what goes on; none after the last stage
};

class Swin final : public ss::Backbone {
 public:
  static ss::Schema<SwinOptions> schema() {
    return {
        {"variant", &SwinOptions::variant, "sets channels, depths, heads and window_size",
         ss::choices({"tiny", "small", "base", "large"})},
        {"channels", &SwinOptions::channels,
         "width of the first stage, doubled at each further one; null: the variant's", ss::at_least(1)},
        {"depths", &SwinOptions::depths, "layers of each stage; null: the variant's", ss::each_at_least(1),
         ss::at_least_items(1)},
        {"heads", &SwinOptions::heads, "attention heads of each stage; null: the variant's", ss::each_at_least(1),
         ss::at_least_items(1)},
        {"window_size", &SwinOptions::window_size, "tokens a side of a window; null: 12 of large, 7 of the others",
         ss::at_least(1)},
        {"patch_size", &SwinOptions::patch_size, "pixels a side of a patch, which becomes a token", ss::at_least(1)},
        {"mlp_ratio", &SwinOptions::mlp_ratio, "width inside the MLP, as a multiple of the channels",
         ss::at_least(0.01)},
        {"dropout", &SwinOptions::dropout, "of patches, and after each attention and MLP layer", ss::between(0, 1)},
        {"drop_path_rate", &SwinOptions::drop_path_rate,
         "of residual branches in training, rising linearly from 0 at the first layer", ss::between(0, 1)},
    };
  }

  Swin(ss::Builder& build, const SwinOptions& options, const ss::BackboneSpec& spec)
      : patch_(options.patch_size),
        architecture_(architecture_of(options)),
        patches_(build, {.in = spec.in_channels, .out = architecture_.channels, .side = patch_}),
        patch_norm_(build, "patch_embed.norm", architecture_.channels, nn::layer_norm),
        dropout_(build, options.dropout) {
    for (std::size_t i = 0; i < architecture_.depths.size(); ++i) add_stage(build, options, i);
  }

  std::vector<ss::FeatureSpec> features() const override {
    std::vector<ss::FeatureSpec> specs;
    int64_t stride = patch_;
    for (const Stage& stage : stages_) {
      specs.push_back({stage.channels, stride});
      stride *= 2;
    }
    return specs;
  }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    const ss::Tensor map = patches_(ctx, image);
    ss::Size size = map.spatial();
    ss::Tensor tokens = patch_norm_(ctx, nn::tokens_of(map));
    tokens = dropout_(ctx, tokens);
    std::vector<ss::Tensor> maps;
    for (const Stage& stage : stages_) {
      tokens = through(ctx, stage, tokens, size);
      maps.push_back(nn::map_of(stage.norm(ctx, tokens), size));
      if (!stage.merging) break;
      tokens = (*stage.merging)(ctx, tokens, size);
      size = PatchMerging::merged(size);
    }
    return maps;
  }

  static constexpr std::string_view formats[] = {"swin", "timm", "torchvision", "mmsegmentation", "sssegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    return swin_names(query.format, {architecture_.channels, architecture_.window, architecture_.depths});
  }

 private:
  void add_stage(const ss::Builder& build, const SwinOptions& options, std::size_t index) {
    const std::string number = std::to_string(index);
    const int64_t channels = architecture_.channels << index;
    Stage& stage =
        stages_.emplace_back(Stage{channels, {}, nn::Norm(build, "norm" + number, channels, nn::layer_norm)});
    const ss::Builder scope = build.scope("stages").scope(number);
    for (int64_t i = 0; i < architecture_.depths[index]; ++i) {
      stage.blocks.emplace_back(scope.scope("blocks").scope(i), block_spec(options, index, i));
    }
    if (index + 1 < architecture_.depths.size()) stage.merging.emplace(scope.scope("downsample"), channels);
  }

  BlockSpec block_spec(const SwinOptions& options, std::size_t stage, int64_t index) const {
    const auto first = architecture_.depths.begin();
    const int64_t before = std::accumulate(first, first + static_cast<std::ptrdiff_t>(stage), index);
    const int64_t all = std::accumulate(first, architecture_.depths.end(), int64_t{0});
    const int64_t channels = architecture_.channels << stage;
    return {.channels = channels,
            .heads = architecture_.heads[stage],
            .window = architecture_.window,
            .shift = index % 2 == 0 ? 0 : architecture_.window / 2,
            .hidden = static_cast<int64_t>(options.mlp_ratio * static_cast<double>(channels)),
            .dropout = options.dropout,
            .drop_path = options.drop_path_rate * static_cast<double>(before) /
                         static_cast<double>(std::max<int64_t>(all - 1, 1))};
  }

  ss::Tensor through(ss::Context& ctx, const Stage& stage, ss::Tensor tokens, ss::Size size) const {
    const int64_t window = architecture_.window;
    ss::Tensor mask;  // the same for every shifted block of the stage
    if (stage.blocks.size() > 1) mask = shift_mask(whole_windows(size, window), window, window / 2, tokens);
    for (const Block& block : stage.blocks) tokens = block(ctx, tokens, size, mask);
    return tokens;
  }

  int64_t patch_;
  Architecture architecture_;
  nn::PatchEmbedding patches_;
  nn::Norm patch_norm_;
  nn::Dropout dropout_;
  std::vector<Stage> stages_;
};

}  // namespace

SSHOST_PLUGIN("swin", "1.0.0", ss::backbone<Swin, SwinOptions>("swin", "transformer of shifted windows, four stages"))
