#include "config/differences.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sshost::config {
namespace {

bool is_leaf(const Node& node) {
  if (node.is_map()) return node.entries.empty();
  return std::none_of(node.items.begin(), node.items.end(),
                      [](const Node& item) { return item.is_map() || item.is_list(); });
}

std::string text_of(const Node& leaf) {
  if (leaf.is_null()) return "null";
  if (leaf.is_scalar()) return leaf.scalar;
  if (leaf.is_map()) return "{}";
  std::string text;
  for (const Node& item : leaf.items) text += (text.empty() ? "" : ", ") + text_of(item);
  return "[" + text + "]";
}

using Leaf = std::pair<std::string, std::string>;  // key, value

void add_leaves(const Node& node, std::vector<Leaf>& leaves) {
  if (is_leaf(node)) {
    leaves.emplace_back(node.key_path, text_of(node));
    return;
  }
  for (const Node& item : node.items) add_leaves(item, leaves);
  for (const Node::Entry& entry : node.entries) add_leaves(entry.value, leaves);
}

}  // namespace

std::vector<KeyDifference> differences(const std::vector<Node>& pipelines) {
  std::vector<KeyDifference> keys;
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < pipelines.size(); ++i) {
    std::vector<Leaf> leaves;
    add_leaves(pipelines[i], leaves);
    for (auto& [key, value] : leaves) {
      const auto [place, is_new] = places.emplace(key, keys.size());
      if (is_new) keys.push_back({key, std::vector<std::optional<std::string>>(pipelines.size())});
      keys[place->second].values[i] = std::move(value);
    }
  }
  std::erase_if(keys, [](const KeyDifference& entry) {
    const bool same = std::all_of(entry.values.begin(), entry.values.end(),
                                  [&](const auto& value) { return value == entry.values.front(); });
    return same || entry.key == "output";
  });
  return keys;
}

}  // namespace sshost::config
