#include "config/merge.h"

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
  for (Node::Entry& entry : overlay.entries) {
    Node::Entry* existing = base.find_entry(entry.key);
    if (!existing) {
      base.entries.push_back(std::move(entry));
      continue;
    }
    existing->place = entry.place;
    existing->value = merge(std::move(existing->value), std::move(entry.value));
  }
  return base;
}

}  // namespace sshost::config
