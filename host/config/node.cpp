#include "config/node.h"

#include <charconv>
#include <utility>

#include "config/excerpt.h"
#include "config/scalar.h"

namespace sshost::config {

namespace {

constexpr std::size_t kShownOfText = 100;

std::string name_of_null(const Node& node) {
  if (node.comment.empty()) return "nothing";
  return "nothing, since YAML takes " + node.comment + " for a comment; write \"" + node.comment + "\" in quotes";
}

// A key of a map, or a place in a list.
const Node* child_of(const Node& node, std::string_view key) {
  if (!node.is_list()) return node.find(key);
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool is_index = error == std::errc() && end == key.data() + key.size() && index < node.items.size();
  return is_index ? &node.items[index] : nullptr;
}

}  // namespace

const Node::Entry* Node::find_entry(std::string_view key) const {
  for (const Entry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry ? &entry->value : nullptr;
}

Node::Entry* Node::find_entry(std::string_view key) { return const_cast<Entry*>(std::as_const(*this).find_entry(key)); }

Node map_of(const std::string& key, const Node& value) {
  Node map;
  map.kind = Node::Kind::kMap;
  map.place = value.place;
  map.key_path = value.key_path;
  map.entries.push_back({key, value.place, value});
  return map;
}

std::string join_path(std::string_view parent, std::string_view key) {
  std::string path(parent);
  if (!path.empty()) path += '.';
  return path.append(key);
}

const Node& deepest_at(const Node& root, std::string_view path) {
  const Node* node = &root;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    const Node* next = child_of(*node, path.substr(0, dot));
    if (!next) break;
    node = next;
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  }
  return *node;
}

void assign_paths(Node& node, const std::string& path) {
  node.key_path = path;
  for (std::size_t i = 0; i < node.items.size(); ++i) assign_paths(node.items[i], join_path(path, std::to_string(i)));
  for (Node::Entry& entry : node.entries) assign_paths(entry.value, join_path(path, entry.key));
}

std::string name_of(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return name_of_null(node);
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
    case Node::Kind::kScalar:
      break;
  }
  const std::string shown = excerpt(node.scalar, kShownOfText);
  if (node.quoted || is_plain_text(node.scalar)) return "the text \"" + shown + "\"";
  return parse_bool(node.scalar) ? shown : "the number " + shown;
}

}  // namespace sshost::config
