#include "names.hpp"

#include <functional>
#include <string>

namespace {

using Rules = std::vector<ss::NameRule>;

// What a published format calls the parts.
struct Dialect {
  std::string patches;  // the patches' convolution
  std::string patch_norm;
  std::function<std::string(std::size_t stage, int64_t block)> block;
  std::function<std::string(std::size_t stage)> merging;  // behind the stage
  std::string windows;                                    // between a block and its attention's tensors
  std::string expand;                                     // the MLP's first layer
  std::string reduce;                                     // the MLP's second layer
  bool place_by_place;                                    // merging takes all channels of a place together
  std::string norms;                                      // before norm0, norm1, ... of the stages
  bool has_norms;
};

std::string block_name(const std::string& stages, std::size_t stage, int64_t block) {
  return stages + std::to_string(stage) + ".blocks." + std::to_string(block);
}

// `root` stands before every name, with its dot.
Dialect mmsegmentation(const std::string& root) {
  const std::string stages = root + "stages.";
  return {.patches = root + "patch_embed.projection",
          .patch_norm = root + "patch_embed.norm",
          .block = [stages](std::size_t stage, int64_t block) { return block_name(stages, stage, block); },
          .merging = [stages](std::size_t stage) { return stages + std::to_string(stage) + ".downsample"; },
          .windows = "attn.w_msa",
          .expand = "ffn.layers.0.0",
          .reduce = "ffn.layers.1",
          .place_by_place = false,
          .norms = root,
          .has_norms = true};
}

// timm counts a merging to the stage behind it.
Dialect authors(bool of_timm) {
  return {.patches = "patch_embed.proj",
          .patch_norm = "patch_embed.norm",
          .block = [](std::size_t stage, int64_t block) { return block_name("layers.", stage, block); },
          .merging =
              [of_timm](std::size_t stage) {
                return "layers." + std::to_string(of_timm ? stage + 1 : stage) + ".downsample";
              },
          .windows = "attn",
          .expand = "mlp.fc1",
          .reduce = "mlp.fc2",
          .place_by_place = true,
          .norms = "",
          .has_norms = false};
}

// One sequence: patches, then blocks and merging of each stage in turn.
Dialect torchvision() {
  return {
      .patches = "features.0.0",
      .patch_norm = "features.0.2",
      .block = [](std::size_t stage,
                  int64_t block) { return "features." + std::to_string(2 * stage + 1) + "." + std::to_string(block); },
      .merging = [](std::size_t stage) { return "features." + std::to_string(2 * stage + 2); },
      .windows = "attn",
      .expand = "mlp.0",
      .reduce = "mlp.3",
      .place_by_place = true,
      .norms = "",
      .has_norms = false};
}

// The authors gather the four places as (0, 0), (1, 0), (0, 1), (1, 1), with all channels of each side by side.
std::vector<ss::NameChange> place_by_place(uint32_t axis, int64_t channels) {
  return {ss::NameChange::regroup(axis, static_cast<uint64_t>(channels)),
          ss::NameChange::permute_blocks(axis, {0, 2, 1, 3})};
}

void add_block(Rules& rules, const Dialect& dialect, const std::string& ours, const std::string& theirs,
               uint64_t table_side) {
  const std::string attention = theirs + "." + dialect.windows;
  rules.push_back({ours, theirs});
  rules.push_back({ours + ".attn", attention});
  rules.push_back({ours + ".attn.relative_position_bias_table",
                   attention + ".relative_position_bias_table",
                   {ss::NameChange::resize_grid({.rows = table_side, .columns = table_side, .bicubic = true})}});
  rules.push_back({ours + ".mlp.fc1", theirs + "." + dialect.expand});
  rules.push_back({ours + ".mlp.fc2", theirs + "." + dialect.reduce});
}

void add_merging(Rules& rules, const Dialect& dialect, const std::string& ours, const std::string& theirs,
                 int64_t channels) {
  rules.push_back({ours, theirs});
  if (!dialect.place_by_place) return;
  for (const std::string part : {".norm.weight", ".norm.bias"}) {
    rules.push_back({ours + part, theirs + part, place_by_place(0, channels)});
  }
  rules.push_back({ours + ".reduction.weight", theirs + ".reduction.weight", place_by_place(1, channels)});
}

Rules rules_of(const Dialect& dialect, const SwinShape& shape) {
  Rules rules = {{"patch_embed.proj", dialect.patches}, {"patch_embed.norm", dialect.patch_norm}};
  for (std::size_t i = 0; i < shape.depths.size(); ++i) {
    const std::string ours = "stages." + std::to_string(i);
    for (int64_t j = 0; j < shape.depths[i]; ++j) {
      add_block(rules, dialect, block_name("stages.", i, j), dialect.block(i, j),
                static_cast<uint64_t>(2 * shape.window - 1));
    }
    add_merging(rules, dialect, ours + ".downsample", dialect.merging(i), shape.channels << i);
    const std::string norm = "norm" + std::to_string(i);
    rules.push_back({.ours = norm,
                     .theirs = dialect.norms + norm,
                     .presence = dialect.has_norms ? ss::Presence::required : ss::Presence::optional});
  }
  return rules;
}

}  // namespace

std::vector<ss::NameRule> swin_names(std::string_view format, const SwinShape& shape) {
  if (format == "swin") return rules_of(authors(false), shape);
  if (format == "timm") return rules_of(authors(true), shape);
  if (format == "torchvision") return rules_of(torchvision(), shape);
  if (format == "mmsegmentation") return rules_of(mmsegmentation("backbone."), shape);
  if (format == "sssegmentation") return rules_of(mmsegmentation("backbone_net."), shape);
  return {};
}
