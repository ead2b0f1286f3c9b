#include "recipes/backbone_settings.h"
#include "recipes/comparison.h"

namespace sshost::recipes {
namespace {

constexpr const char* kContext = "/head/context_within_image";

void compare_context(Comparison& comparison) {
  const std::string path = kContext;
  const Json head = comparison.ours("model.head.type");
  comparison.follows(path + "/is_on", !head.is_null(), "model.head is given");
  if (head.is_null()) return comparison.without_meaning(path, "the context head is off");
  comparison.follows(path + "/type", head == "psp" ? Json("ppm") : head, "model.head.type");
  comparison.follows("/head/feats_channels", comparison.ours("model.head.channels"), "model.head.channels");
  const bool is_aspp = head == "aspp";
  comparison.equal(path + (is_aspp ? "/cfg/dilations" : "/cfg/pool_scales"),
                   is_aspp ? "model.head.dilations" : "model.head.scales");
  comparison.without_meaning(path + (is_aspp ? "/cfg/pool_scales" : "/cfg/dilations"), "the other context head's");
}

void compare_update(Comparison& comparison) {
  const std::string path = "/head/update_cfg/momentum_cfg";
  comparison.equal(path + "/base_momentum", "model.memory.update.momentum");
  comparison.equal(path + "/base_lr", "model.memory.update.base_lr");
  comparison.equal(path + "/adjust_by_learning_rate", "model.memory.update.adjust_by_learning_rate");
  comparison.always("/head/update_cfg/ignore_index", -100, "labels that are no class are left out");
}

// What both memories have.
void compare_common(Comparison& comparison) {
  comparison.follows("/head/in_channels", chosen_channels(comparison).back(), "the last chosen feature");
  comparison.equal("/head/feats_channels", "model.memory.channels");
  comparison.equal("/head/transform_channels", "model.memory.transform_channels");
  comparison.equal("/head/use_hard_aggregate", "model.memory.hard_aggregation");
  compare_context(comparison);
  compare_update(comparison);
}

// A convolution shared by the features, where its stride is not 1; a layer norm on each, where the recipe has one.
void compare_features(Comparison& comparison) {
  const std::string path = "/head/downsample_backbone";
  const Json stride = comparison.ours("model.features.downsample.stride");
  comparison.follows(path + "/stride", stride.is_null() ? Json(1) : stride, "model.features.downsample");
  comparison.always(path + "/kernel_size", 3, "of the shared convolution");
  comparison.always(path + "/padding", 1, "of the shared convolution");
  comparison.always(path + "/bias", false, "a batch norm follows");
  const bool norms = comparison.ours("model.features.layer_norm").get<bool>();
  if (!norms && !comparison.recipe().has("/head/norm_cfg")) return;
  comparison.follows("/head/norm_cfg/type", norms ? "LayerNorm" : "none", "model.features.layer_norm");
  comparison.follows("/head/norm_cfg/in_channels_list", chosen_channels(comparison), "the chosen features");
  comparison.always("/head/norm_cfg/eps", 1e-6, "of these norms");
}

void compare_mcibi(Comparison& comparison) {
  compare_features(comparison);
  comparison.equal("/head/out_channels", "model.memory.out_channels");
  comparison.equal("/head/num_feats_per_cls", "model.memory.vectors_per_class");
  comparison.equal("/head/dropout", "model.memory.dropout");
  comparison.equal("/head/update_cfg/strategy", "model.memory.update.strategy");
  comparison.equal("/head/use_loss", "model.memory.consistency_loss");
  comparison.equal("/head/loss_cfg/scale_factor", "model.memory.consistency_loss_weight");
  comparison.always("/head/loss_cfg/type", "CrossEntropyLoss", "the consistency loss is one");
  comparison.always("/head/loss_cfg/reduction", "mean", "over the memory's vectors");
}

void compare_decoder(Comparison& comparison, const std::string& name, const std::string& ours, std::int64_t in) {
  const std::string path = "/head/decoder/" + name;
  const std::string key = "model.memory." + ours;
  comparison.follows(path + "/in_channels", in, "what " + key + " is given");
  comparison.equal(path + "/out_channels", key + ".channels");
  comparison.equal(path + "/dropout", key + ".dropout");
  comparison.equal_or(path + "/kernel_size", key + ".kernel", 1);
  const std::int64_t padding = comparison.ours(key + ".kernel").get<std::int64_t>() / 2;
  if (comparison.recipe().has(path + "/padding")) comparison.follows(path + "/padding", padding, key + ".kernel");
}

// The channels of the memory's result: with a pyramid its three lower levels and its top.
std::int64_t result_channels(const Comparison& comparison) {
  const auto number = [&](const std::string& key) {
    return comparison.ours("model.memory." + key).get<std::int64_t>();
  };
  if (!comparison.ours("model.memory.fpn").is_null()) return 3 * number("fpn.out_channels") + number("fpn.channels");
  return comparison.ours("model.head").is_null() ? number("channels") : 2 * number("channels");
}

void compare_pyramid(Comparison& comparison) {
  comparison.equal("/head/fuse_memory_cwi_before_fpn", "model.memory.fuse_before_fpn");
  const bool ours = !comparison.ours("model.memory.fpn").is_null();
  if (!ours && !comparison.recipe().has("/head/fpn")) return;
  comparison.equal("/head/fpn/feats_channels", "model.memory.fpn.channels");
  comparison.equal("/head/fpn/out_channels", "model.memory.fpn.out_channels");
  const std::vector<std::int64_t> channels = chosen_channels(comparison);
  for (std::size_t level = 0; level < 3; ++level) {
    comparison.follows("/head/fpn/in_channels_list/" + std::to_string(level), channels.at(level),
                       "the chosen features");
  }
  comparison.without_meaning("/head/fpn/in_channels_list/3", "the top is taken as it is, without a convolution");
}

void compare_mcibiplusplus(Comparison& comparison) {
  comparison.equal("/head/out_channels", "model.memory.channels");
  comparison.equal("/head/warmup_epoch", "model.memory.warmup_epoch");
  comparison.equal("/head/downsample_before_sa", "model.memory.downsample_before_attention");
  comparison.equal("/head/force_use_preds_pr", "model.memory.mine_by_pixel_logits");
  compare_pyramid(comparison);
  const std::int64_t channels = comparison.ours("model.memory.channels").get<std::int64_t>();
  compare_decoder(comparison, "pr", "pixel_decoder", channels);
  compare_decoder(comparison, "cls", "decoder", result_channels(comparison));
  if (comparison.ours("model.head").is_null()) {
    return comparison.without_meaning("/head/decoder/cwi", "classifies the context, and there is none");
  }
  compare_decoder(comparison, "cwi", "context_decoder", channels);
  comparison.equal_or(std::string(kContext) + "/use_self_attention", "model.memory.self_attention", true);
}

}  // namespace

void compare_memory(Comparison& comparison) {
  compare_common(comparison);
  if (comparison.ours("model.memory.type") == "mcibi") return compare_mcibi(comparison);
  compare_mcibiplusplus(comparison);
}

}  // namespace sshost::recipes
