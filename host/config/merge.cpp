#include "config/merge.h"

#include <string>
#include <unordered_map>
#include <utility>

namespace sshost::config {

namespace {

bool type_changes(const Node& base, const Node& overlay) {
  const Node* before = base.find("type");
  const Node* after = overlay.find("type");
  return before && after && before->is_scalar() && after->is_scalar() && before->scalar != after->scalar;
}

void erase(Node& map, std::string_view key) {
  std::erase_if(map.entries, [&](const Node::Entry& entry) { return entry.key == key; });
}

}  // namespace

void drop_alternative(Node& map, std::string_view key) {
  if (map.key_path != "train") return;
  if (key == "steps") erase(map, "epochs");
  if (key == "epochs") erase(map, "steps");
}

Node merge(Node base, Node overlay) {
  if (!base.is_map() || !overlay.is_map() || type_changes(base, overlay)) return overlay;
  base.place = overlay.place;
  for (const Node::Entry& entry : overlay.entries) {
    if (!entry.value.is_null()) drop_alternative(base, entry.key);
  }
  std::unordered_map<std::string, std::size_t> places;  // of the keys: a map may hold very many
  for (std::size_t i = 0; i < base.entries.size(); ++i) places.emplace(base.entries[i].key, i);
  for (Node::Entry& entry : overlay.entries) {
    const auto found = places.find(entry.key);
    if (found == places.end()) {
      base.entries.push_back(std::move(entry));
      continue;
    }
    Node::Entry& existing = base.entries[found->second];
    existing.place = entry.place;
    existing.value = merge(std::move(existing.value), std::move(entry.value));
  }
  return base;
}

}  // namespace sshost::config
