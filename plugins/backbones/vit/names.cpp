#include "names.hpp"

#include <string>

namespace {

using Rules = std::vector<ss::NameRule>;

// mmsegmentation's names, which sssegmentation has too.
void add_block(Rules& rules, const std::string& ours, const std::string& theirs) {
  rules.push_back({ours + ".norm1", theirs + ".ln1"});
  rules.push_back({ours + ".attn.qkv.weight", theirs + ".attn.attn.in_proj_weight"});
  rules.push_back({ours + ".attn.qkv.bias", theirs + ".attn.attn.in_proj_bias"});
  rules.push_back({ours + ".attn.proj", theirs + ".attn.attn.out_proj"});
  rules.push_back({ours + ".norm2", theirs + ".ln2"});
  rules.push_back({ours + ".mlp.fc1", theirs + ".ffn.layers.0.0"});
  rules.push_back({ours + ".mlp.fc2", theirs + ".ffn.layers.1"});
}

// Positions for another image size are resized; of as many patches they stay as they are, as in a forward.
ss::NameRule positions(const std::string& theirs, ss::Size grid) {
  const ss::GridResize resize = {
      .axis = 1, .prefix = 1, .rows = static_cast<uint64_t>(grid.height), .columns = static_cast<uint64_t>(grid.width)};
  return {"pos_embed", theirs, {ss::NameChange::resize_grid(resize)}};
}

// torchvision's; `expand` and `reduce` are the two layers of the MLP, which its files for download call as it once did.
Rules torchvision_names(int64_t depth, ss::Size grid, const std::string& expand, const std::string& reduce) {
  Rules rules = {{"cls_token", "class_token"},
                 {"patch_embed.proj", "conv_proj"},
                 positions("encoder.pos_embedding", grid),
                 {"norm", "encoder.ln"}};
  for (int64_t i = 0; i < depth; ++i) {
    const std::string ours = "blocks." + std::to_string(i);
    const std::string theirs = "encoder.layers.encoder_layer_" + std::to_string(i);
    rules.push_back({ours + ".norm1", theirs + ".ln_1"});
    rules.push_back({ours + ".attn.qkv.weight", theirs + ".self_attention.in_proj_weight"});
    rules.push_back({ours + ".attn.qkv.bias", theirs + ".self_attention.in_proj_bias"});
    rules.push_back({ours + ".attn.proj", theirs + ".self_attention.out_proj"});
    rules.push_back({ours + ".norm2", theirs + ".ln_2"});
    rules.push_back({ours + ".mlp.fc1", theirs + ".mlp." + expand});
    rules.push_back({ours + ".mlp.fc2", theirs + ".mlp." + reduce});
  }
  return rules;
}

}  // namespace

std::vector<ss::NameRule> vit_names(std::string_view format, int64_t depth, ss::Size grid) {
  if (format == "timm") return {{"", ""}, positions("pos_embed", grid)};
  if (format == "torchvision") return torchvision_names(depth, grid, "0", "3");
  if (format == "torchvision_download") return torchvision_names(depth, grid, "linear_1", "linear_2");
  if (format != "mmsegmentation" && format != "sssegmentation") return {};
  const std::string root = format == "sssegmentation" ? "backbone_net" : "backbone";
  Rules rules = {{"", root},
                 positions(root + ".pos_embed", grid),
                 {"patch_embed.proj", root + ".patch_embed.projection"},
                 {"norm", root + ".ln1"}};
  for (int64_t i = 0; i < depth; ++i) {
    const std::string index = std::to_string(i);
    add_block(rules, "blocks." + index, root + ".layers." + index);
  }
  return rules;
}
