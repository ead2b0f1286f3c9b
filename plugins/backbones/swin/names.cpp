#include "names.hpp"

#include <string>
#include <utility>

namespace {

using Rules = std::vector<ss::NameRule>;

// What a published format calls the parts.
struct Dialect {
  std::string root;     // before every name, with its dot
  std::string stages;   // the list of stages
  std::string patches;  // the patches' convolution
  std::string windows;  // between a block and its attention's tensors
  std::string expand;   // the MLP's first layer
  std::string reduce;   // the MLP's second layer
  bool merges_first;    // a stage's merging stands before its blocks, not after them
  bool place_by_place;  // merging takes all channels of a place together
  bool output_norms;    // norm0, norm1, ...
};

Dialect mmsegmentation(std::string root) {
  return {std::move(root), "stages.", "patch_embed.projection", "attn.w_msa", "ffn.layers.0.0", "ffn.layers.1", false,
          false,           true};
}

Dialect authors(bool merges_first) {
  return {"", "layers.", "patch_embed.proj", "attn", "mlp.fc1", "mlp.fc2", merges_first, true, false};
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
  Rules rules = {{"patch_embed.proj", dialect.root + dialect.patches},
                 {"patch_embed.norm", dialect.root + "patch_embed.norm"}};
  for (std::size_t i = 0; i < shape.depths.size(); ++i) {
    const std::string ours = "stages." + std::to_string(i);
    const std::string stages = dialect.root + dialect.stages;
    for (int64_t j = 0; j < shape.depths[i]; ++j) {
      const std::string block = ".blocks." + std::to_string(j);
      add_block(rules, dialect, ours + block, stages + std::to_string(i) + block,
                static_cast<uint64_t>(2 * shape.window - 1));
    }
    add_merging(rules, dialect, ours + ".downsample",
                stages + std::to_string(dialect.merges_first ? i + 1 : i) + ".downsample", shape.channels << i);
    const std::string norm = "norm" + std::to_string(i);
    rules.push_back({.ours = norm,
                     .theirs = dialect.root + norm,
                     .presence = dialect.output_norms ? ss::Presence::required : ss::Presence::optional});
  }
  return rules;
}

}  // namespace

std::vector<ss::NameRule> swin_names(std::string_view format, const SwinShape& shape) {
  if (format == "swin") return rules_of(authors(false), shape);
  if (format == "timm") return rules_of(authors(true), shape);
  if (format == "mmsegmentation") return rules_of(mmsegmentation("backbone."), shape);
  if (format == "sssegmentation") return rules_of(mmsegmentation("backbone_net."), shape);
  return {};
}
