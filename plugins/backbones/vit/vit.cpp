// Vision transformer (Dosovitskiy et al., "An Image is Worth 16x16 Words", ICLR 2021) as a backbone: the tokens after
// several layers, laid out as maps (Zheng et al., "Rethinking Semantic Segmentation from a Sequence-to-Sequence
// Perspective with Transformers", CVPR 2021).
#include <sshost/backbone.hpp>
#include <sshost/nn.hpp>
#include <sshost/nn/patch_embedding.hpp>
#include <sshost/nn/tokens.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "block.hpp"
#include "names.hpp"
#include "position.hpp"

namespace {

namespace nn = ss::nn;

struct VitOptions {
  std::string variant = "large";
  ss::Size image_size = {512, 512};
  int64_t patch_size = 16;
  std::optional<int64_t> channels;
  std::optional<int64_t> depth;
  std::optional<int64_t> heads;
  std::optional<std::vector<int64_t>> layers;
  double mlp_ratio = 4;
  double norm_epsilon = 1e-6;
  bool final_norm = false;
  double dropout = 0;
  double drop_path_rate = 0;
};

// What the options come to.
struct Architecture {
  int64_t channels;
  int64_t depth;
  int64_t heads;
  std::vector<int64_t> layers;  // after which the tokens are given out
};

Architecture published(std::string_view variant) {
  if (variant == "tiny") return {192, 12, 3, {2, 5, 8, 11}};
  if (variant == "small") return {384, 12, 6, {2, 5, 8, 11}};
  if (variant == "base") return {768, 12, 12, {2, 5, 8, 11}};
  if (variant == "large") return {1024, 24, 16, {9, 14, 19, 23}};
  throw ss::Error("variant is tiny, small, base or large, not " + std::string(variant));
}

Architecture architecture_of(const VitOptions& options) {
  Architecture result = published(options.variant);
  const bool other_depth = options.depth && *options.depth != result.depth;
  result.channels = options.channels.value_or(result.channels);
  result.depth = options.depth.value_or(result.depth);
  result.heads = options.heads.value_or(result.heads);
  if (options.layers) {
    result.layers = *options.layers;
  } else if (other_depth) {
    result.layers = {result.depth - 1};
  }
  for (const int64_t layer : result.layers) {
    if (layer < result.depth) continue;
    throw ss::Error("layers: expected numbers below the depth of " + std::to_string(result.depth) + ", found " +
                    std::to_string(layer));
  }
  return result;
}

ss::Size grid_for(const VitOptions& options) {
  const ss::Size grid = {options.image_size.height / options.patch_size, options.image_size.width / options.patch_size};
  if (grid.height < 1 || grid.width < 1) throw ss::Error("image_size: smaller than one patch");
  return grid;
}

class Vit final : public ss::Backbone {
 public:
  static ss::Schema<VitOptions> schema() {
    return {
        {"variant", &VitOptions::variant, "sets channels, depth, heads and layers",
         ss::choices({"tiny", "small", "base", "large"})},
        {"image_size", &VitOptions::image_size,
         "of the images that the position embedding is for; it is resized for others", ss::each_at_least(1)},
        {"patch_size", &VitOptions::patch_size, "pixels a side of a patch, which becomes a token", ss::at_least(1)},
        {"channels", &VitOptions::channels, "width of a token; null: the variant's", ss::at_least(1)},
        {"depth", &VitOptions::depth, "number of layers; null: the variant's", ss::at_least(1)},
        {"heads", &VitOptions::heads, "attention heads, which divide the channels; null: the variant's",
         ss::at_least(1)},
        {"layers", &VitOptions::layers,
         "layers, from 0 on, whose tokens are given out; null: the variant's, or the last where depth is another",
         ss::each_at_least(0), ss::at_least_items(1)},
        {"mlp_ratio", &VitOptions::mlp_ratio, "width inside the MLP, as a multiple of the channels",
         ss::at_least(0.01)},
        {"norm_epsilon", &VitOptions::norm_epsilon, "of every layer norm", ss::between(1e-12, 1)},
        {"final_norm", &VitOptions::final_norm, "a layer norm on the tokens of the last layer"},
        {"dropout", &VitOptions::dropout, "of tokens, and after each attention and MLP layer", ss::between(0, 1)},
        {"drop_path_rate", &VitOptions::drop_path_rate,
         "of residual branches in training, rising linearly from 0 at the first layer", ss::between(0, 1)},
    };
  }

  Vit(ss::Builder& build, const VitOptions& options, const ss::BackboneSpec& spec)
      : patch_(options.patch_size),
        grid_(grid_for(options)),
        architecture_(architecture_of(options)),
        class_token_(build, "cls_token", {1, 1, architecture_.channels}),
        positions_(build, grid_, architecture_.channels),
        patches_(build, {.in = spec.in_channels, .out = architecture_.channels, .side = patch_}),
        dropout_(build, options.dropout) {
    for (int64_t i = 0; i < architecture_.depth; ++i) {
      blocks_.emplace_back(build.scope("blocks").scope(i), block_spec(options, i));
    }
    if (options.final_norm) {
      final_norm_.emplace(build, "norm", architecture_.channels,
                          nn::NormSpec{.kind = SS_NORM_LAYER, .epsilon = options.norm_epsilon});
    }
  }

  std::vector<ss::FeatureSpec> features() const override {
    return std::vector<ss::FeatureSpec>(architecture_.layers.size(), {architecture_.channels, patch_});
  }

  std::vector<ss::Tensor> forward(ss::Context& ctx, const ss::Tensor& image) const override {
    const ss::Tensor map = patches_(ctx, image);
    const ss::Size grid = map.spatial();
    const ss::Tensor class_token = ss::expand(class_token_(ctx), {image.size(0), -1, -1});
    ss::Tensor tokens = ss::cat({class_token, nn::tokens_of(map)}, 1);
    tokens = dropout_(ctx, tokens + positions_(ctx, grid));

    std::vector<ss::Tensor> maps(architecture_.layers.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      tokens = blocks_[i](ctx, tokens);
      if (final_norm_ && i + 1 == blocks_.size()) tokens = (*final_norm_)(ctx, tokens);
      for (std::size_t k = 0; k < maps.size(); ++k) {
        if (architecture_.layers[k] == static_cast<int64_t>(i)) maps[k] = to_map(tokens, grid);
      }
    }
    return maps;
  }

  static constexpr std::string_view formats[] = {"timm", "torchvision", "torchvision_download", "mmsegmentation",
                                                 "sssegmentation"};
  std::vector<ss::NameRule> names(const ss::NamesQuery& query) const {
    return vit_names(query.format, architecture_.depth, grid_);
  }

 private:
  BlockSpec block_spec(const VitOptions& options, int64_t index) const {
    const double last = static_cast<double>(std::max<int64_t>(architecture_.depth - 1, 1));
    return {.channels = architecture_.channels,
            .heads = architecture_.heads,
            .hidden = static_cast<int64_t>(options.mlp_ratio * static_cast<double>(architecture_.channels)),
            .norm_epsilon = options.norm_epsilon,
            .dropout = options.dropout,
            .drop_path = options.drop_path_rate * static_cast<double>(index) / last};
  }

  // [N, 1 + L, channels] -> [N, channels, height, width]; the class token is left out.
  static ss::Tensor to_map(const ss::Tensor& tokens, ss::Size grid) {
    return nn::map_of(ss::narrow(tokens, 1, 1, grid.height * grid.width), grid);
  }

  int64_t patch_;
  ss::Size grid_;  // of the position embedding
  Architecture architecture_;
  nn::Parameter class_token_;
  PositionEmbedding positions_;
  nn::PatchEmbedding patches_;
  nn::Dropout dropout_;
  std::vector<Block> blocks_;
  std::optional<nn::Norm> final_norm_;
};

}  // namespace

SSHOST_PLUGIN("vit", "1.0.0", ss::backbone<Vit, VitOptions>("vit", "vision transformer: tokens of 16x16 pixels"))
