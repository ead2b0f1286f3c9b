#include "recipes/backbone_settings.h"

#include <filesystem>

namespace sshost::recipes {
namespace {

void compare_resnet(Comparison& comparison) {
  comparison.follows("/backbone/type", "ResNet", "model.backbone.type");
  comparison.equal("/backbone/depth", "model.backbone.depth");
  comparison.equal("/backbone/outstride", "model.backbone.output_stride");
  comparison.follows("/backbone/use_conv3x3_stem", comparison.ours("model.backbone.stem") == "deep",
                     "model.backbone.stem is deep");
}

void compare_resnest(Comparison& comparison) {
  comparison.follows("/backbone/type", "ResNeSt", "model.backbone.type");
  comparison.equal("/backbone/depth", "model.backbone.depth");
  comparison.equal("/backbone/outstride", "model.backbone.output_stride");
}

void compare_hrnet(Comparison& comparison) {
  comparison.follows("/backbone/type", "HRNet", "model.backbone.type");
  const std::string variant = comparison.ours("model.backbone.variant");
  comparison.follows("/backbone/arch", "hrnetv2_" + (variant == "w18-small" ? "w18_small" : variant),
                     "model.backbone.variant");
  const bool first_relu = comparison.ours("model.backbone.first_stem_relu").get<bool>();
  if (!first_relu || comparison.recipe().has("/backbone/mcibi_version")) {
    comparison.follows("/backbone/mcibi_version", !first_relu, "model.backbone.first_stem_relu is false");
  }
}

void compare_vit(Comparison& comparison) {
  comparison.follows("/backbone/type", "VisionTransformer", "model.backbone.type");
  const bool large = comparison.ours("model.backbone.variant") == "large";
  comparison.follows("/backbone/embed_dims", large ? 1024 : 0, "model.backbone.variant is large");
  comparison.follows("/backbone/num_layers", large ? 24 : 0, "model.backbone.variant is large");
  comparison.follows("/backbone/num_heads", large ? 16 : 0, "model.backbone.variant is large");
  comparison.equal("/backbone/img_size", "model.backbone.image_size");
  comparison.equal("/backbone/out_indices", "model.backbone.layers");
  comparison.equal("/backbone/patch_size", "model.backbone.patch_size");
  comparison.equal("/backbone/mlp_ratio", "model.backbone.mlp_ratio");
  comparison.equal("/backbone/norm_cfg/eps", "model.backbone.norm_epsilon");
  comparison.equal("/backbone/final_norm", "model.backbone.final_norm");
  comparison.equal("/backbone/drop_rate", "model.backbone.dropout");
  comparison.equal("/backbone/drop_path_rate", "model.backbone.drop_path_rate");
  comparison.always("/backbone/patch_norm", false, "a token is its patch's projection and position");
  comparison.always("/backbone/with_cls_token", true, "the class token takes part in attention");
  comparison.always("/backbone/output_cls_token", false, "and is no part of a map");
  comparison.always("/backbone/num_fcs", 2, "layers of an MLP");
}

void compare_swin(Comparison& comparison) {
  comparison.follows("/backbone/type", "SwinTransformer", "model.backbone.type");
  const bool large = comparison.ours("model.backbone.variant") == "large";
  comparison.follows("/backbone/embed_dims", large ? 192 : 0, "model.backbone.variant is large");
  comparison.follows("/backbone/depths", large ? Json({2, 2, 18, 2}) : Json(), "model.backbone.variant is large");
  comparison.follows("/backbone/num_heads", large ? Json({6, 12, 24, 48}) : Json(), "model.backbone.variant is large");
  comparison.equal("/backbone/window_size", "model.backbone.window_size");
  comparison.equal("/backbone/patch_size", "model.backbone.patch_size");
  comparison.equal("/backbone/mlp_ratio", "model.backbone.mlp_ratio");
  comparison.equal("/backbone/drop_rate", "model.backbone.dropout");
  comparison.equal("/backbone/drop_path_rate", "model.backbone.drop_path_rate");
  comparison.always("/backbone/patch_norm", true, "a norm after the patches' projection");
  comparison.always("/backbone/use_abs_pos_embed", false, "positions are relative alone");
  comparison.always("/backbone/qk_scale", Json(), "one over the root of a head's width");
  comparison.always("/backbone/in_channels", 3, "images have three channels");
  comparison.without_meaning("/backbone/pretrain_img_size", "sizes the absolute positions, of which there are none");
}

void compare_weights(Comparison& comparison) {
  const Json weights = comparison.ours("model.backbone.weights.path");
  comparison.follows("/backbone/pretrained", !weights.is_null(), "model.backbone.weights is given");
  const std::string file = weights.is_null() ? "" : std::filesystem::path(weights.get<std::string>()).stem().string();
  comparison.follows("/backbone/structure_type", file, "the file in model.backbone.weights");
}

std::vector<std::int64_t> channels_of_backbone(const Comparison& comparison) {
  const Json type = comparison.ours("model.backbone.type");
  if (type == "vit") return {1024, 1024, 1024, 1024};
  if (type == "swin") return {192, 384, 768, 1536};
  if (type != "hrnet") return {256, 512, 1024, 2048};
  return {comparison.ours("model.backbone.variant") == "w48" ? 720 : 270};
}

}  // namespace

std::vector<std::int64_t> chosen_channels(const Comparison& comparison) {
  const std::vector<std::int64_t> all = channels_of_backbone(comparison);
  std::vector<std::int64_t> chosen;
  for (const Json& index : comparison.ours("model.features.indices"))
    chosen.push_back(all.at(index.get<std::size_t>()));
  return chosen;
}

void compare_backbone(Comparison& comparison) {
  const Json type = comparison.ours("model.backbone.type");
  if (type == "resnet") compare_resnet(comparison);
  if (type == "resnest") compare_resnest(comparison);
  if (type == "hrnet") compare_hrnet(comparison);
  if (type == "vit") compare_vit(comparison);
  if (type == "swin") compare_swin(comparison);
  compare_weights(comparison);
  comparison.equal("/backbone/selected_indices", "model.features.indices");
  comparison.always("/backbone/norm_cfg/type", "LayerNorm", "the norm of a transformer");
  comparison.always("/backbone/qkv_bias", true, "queries, keys and values have a bias");
  comparison.always("/backbone/attn_drop_rate", 0.0, "no dropout of attention weights");
}

}  // namespace sshost::recipes
