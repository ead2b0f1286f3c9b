#include "recipes/backbone_settings.h"
#include "recipes/comparison.h"

namespace sshost::recipes {
namespace {

std::string method_of(const Comparison& comparison) {
  const Json memory = comparison.ours("model.memory.type");
  if (memory == "mcibi") return "MCIBI";
  if (memory == "mcibiplusplus") return "MCIBIPlusPlus";
  const Json head = comparison.ours("model.head.type");
  if (head == "fcn") return "FCN";
  if (head == "psp") return "PSPNet";
  return head == "ocr" ? "OCRNet" : "Deeplabv3";
}

// Head, memory and auxiliary heads have the recipe's activation; the backbone has its own.
void compare_activation(Comparison& comparison) {
  std::vector<std::string> keys = {"model.head", "model.memory"};
  for (std::size_t i = 0; i < comparison.ours("model.auxiliary").size(); ++i) {
    keys.push_back("model.auxiliary." + std::to_string(i));
  }
  for (const std::string& key : keys) {
    if (comparison.ours(key).is_null()) continue;
    const bool leaky = comparison.ours(key + ".activation") == "leaky_relu";
    comparison.follows("/act_cfg/type", leaky ? "LeakyReLU" : "ReLU", key + ".activation");
  }
  comparison.always("/act_cfg/negative_slope", 0.01, "of every LeakyReLU");
}

void compare_cross_entropy(Comparison& comparison, const std::string& path) {
  comparison.always(path + "/type", "CrossEntropyLoss", "of what a memory predicts, as of every default");
  comparison.always(path + "/ignore_index", -100, "labels that are no class are left out, whatever their number");
  comparison.always(path + "/reduction", "mean", "a loss is a mean over the valid pixels");
}

// A loss whose weight and kind the pipeline names.
void compare_loss(Comparison& comparison, const std::string& name, const std::string& weight) {
  comparison.equal("/losses/" + name + "/scale_factor", weight);
  compare_cross_entropy(comparison, "/losses/" + name);
}

void compare_losses(Comparison& comparison) {
  const Json memory = comparison.ours("model.memory.type");
  compare_loss(comparison, memory == "mcibi" ? "loss_cls_stage2" : "loss_cls", "model.loss.weight");
  if (memory == "mcibi") compare_loss(comparison, "loss_cls_stage1", "model.memory.coarse_loss_weight");
  if (memory != "mcibiplusplus") return;
  compare_loss(comparison, "loss_pr", "model.memory.pixel_loss_weight");
  const bool has_context = !comparison.ours("model.head").is_null();
  if (has_context) compare_loss(comparison, "loss_cwi", "model.memory.context_loss_weight");
}

void compare_auxiliary_head(Comparison& comparison, const std::string& path, const std::string& loss, std::size_t index,
                            std::int64_t feature) {
  const std::string key = "model.auxiliary." + std::to_string(index);
  const std::vector<std::int64_t> channels = chosen_channels(comparison);
  const std::int64_t ours = comparison.ours(key + ".feature.0").get<std::int64_t>();
  comparison.follows(path + "/in_channels", ours == feature ? Json(channels.at(channels.size() + feature)) : Json(ours),
                     key + ".feature, which is " + std::to_string(feature) + " as published");
  comparison.equal(path + "/out_channels", key + ".channels");
  comparison.equal(path + "/dropout", key + ".dropout");
  comparison.equal_or(path + "/num_convs", key + ".convolutions", 1);
  comparison.equal_or(path + "/upsample/scale_factor", key + ".upsample", 1);
  compare_loss(comparison, loss, key + ".loss_weight");
}

// One head, or several on the features before the last; null where there is none.
void compare_auxiliary(Comparison& comparison) {
  const Json theirs = comparison.recipe().look("/auxiliary");
  const std::size_t ours = comparison.ours("model.auxiliary").size();
  if (ours == 0) return comparison.follows("/auxiliary", Json(), "model.auxiliary is empty");
  if (!theirs.is_array()) return compare_auxiliary_head(comparison, "/auxiliary", "loss_aux", 0, -2);
  if (ours != theirs.size()) return comparison.follows("/auxiliary", ours, "the number of model.auxiliary");
  for (std::size_t i = 0; i < ours; ++i) {
    compare_auxiliary_head(comparison, "/auxiliary/" + std::to_string(i), "loss_aux" + std::to_string(i + 1), i,
                           static_cast<std::int64_t>(i) - static_cast<std::int64_t>(ours) - 1);
  }
}

void compare_head(Comparison& comparison) {
  comparison.equal("/head/feats_channels", "model.head.channels");
  comparison.equal("/head/dropout", "model.head.dropout");
  comparison.follows("/head/in_channels", chosen_channels(comparison).back(), "the last chosen feature");
  const Json type = comparison.ours("model.head.type");
  if (type == "fcn") comparison.equal_or("/head/num_convs", "model.head.convolutions", 2);
  if (type == "psp") comparison.equal("/head/pool_scales", "model.head.scales");
  if (type == "aspp") comparison.equal("/head/dilations", "model.head.dilations");
  if (type != "ocr") return;
  comparison.equal("/head/transform_channels", "model.head.transform_channels");
  comparison.equal("/head/scale", "model.head.scale");
}

}  // namespace

void compare_model(Comparison& comparison) {
  comparison.follows("/type", method_of(comparison), "model.head and model.memory");
  comparison.always("/align_corners", false, "every resize leaves the corners unaligned");
  comparison.always("/norm_cfg/type", "SyncBatchNorm", "a batch norm's statistics are those of all processes");
  compare_activation(comparison);
  compare_backbone(comparison);
  if (comparison.ours("model.memory").is_null()) {
    compare_head(comparison);
  } else {
    compare_memory(comparison);
  }
  compare_auxiliary(comparison);
  compare_losses(comparison);
}

}  // namespace sshost::recipes
