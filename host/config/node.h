#ifndef SSHOST_CONFIG_NODE_H
#define SSHOST_CONFIG_NODE_H

#include <string>
#include <string_view>
#include <vector>

#include "config/place.h"

namespace sshost::config {

// A value as it was written in YAML, before any schema gave it a type. A plain value, copied with all below it.
struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };
  struct Entry;

  Kind kind = Kind::kNull;
  Place place;
  std::string key_path;        // "model.auxiliary.0.type"; empty for the root
  std::string scalar;          // of kScalar
  bool quoted = false;         // a quoted scalar is text, whatever it looks like
  std::vector<Node> items;     // of kList
  std::vector<Entry> entries;  // of kMap, in the order of the file

  // Of a null that nothing stands for: what YAML took for a comment there, such as "#ff0000" behind `color:`.
  std::string comment;

  // Set on what an override of the neighbouring `type` left behind: the type that the value was written for.
  std::string written_for;

  bool is_null() const { return kind == Kind::kNull; }
  bool is_scalar() const { return kind == Kind::kScalar; }
  bool is_list() const { return kind == Kind::kList; }
  bool is_map() const { return kind == Kind::kMap; }

  // The value of `key`, or nullptr where this is no map or lacks it.
  const Node* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;
  Entry* find_entry(std::string_view key);
};

struct Node::Entry {
  std::string key;
  Place place;  // of the key
  Node value;
};

// `value` as the one entry of a map that stands where it does: `road` as `{name: road}`.
Node map_of(const std::string& key, const Node& value);

// "model" and "head" -> "model.head"; an empty parent gives the key alone.
std::string join_path(std::string_view parent, std::string_view key);

// The value at `path` below `root` ("model.auxiliary.0.feature"), or the last one on the way there that is written
// down.
const Node& deepest_at(const Node& root, std::string_view path);

// Gives `node` and all below it the key path that starts at `path`.
void assign_paths(Node& node, const std::string& path);

// What a person calls the value in an error: `the text "yes"`, `the number 3`, `a list`, `nothing`. Long text is cut
// short.
std::string name_of(const Node& node);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_NODE_H
