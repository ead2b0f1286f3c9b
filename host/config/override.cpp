#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "config/merge.h"
#include "config/parse_yaml.h"

namespace sshost::config {

namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> keys;
  std::size_t begin = 0;
  for (std::size_t dot = path.find('.'); dot != std::string::npos; dot = path.find('.', begin)) {
    keys.push_back(path.substr(begin, dot - begin));
    begin = dot + 1;
  }
  keys.push_back(path.substr(begin));
  return keys;
}

void assign_place(Node& node, const Place& place) {
  node.place = place;
  for (Node& item : node.items) assign_place(item, place);
  for (Node::Entry& entry : node.entries) {
    entry.place = place;
    assign_place(entry.value, place);
  }
}

Node make_map_node(const Place& place, std::string path) {
  Node node;
  node.kind = Node::Kind::kMap;
  node.place = place;
  node.key_path = std::move(path);
  return node;
}

// The options beside a `type` that changes were written for the old one.
void mark_neighbours(Node& map, const std::string& new_type) {
  const Node* type = map.find("type");
  const std::string old_type = type && type->is_scalar() ? type->scalar : "the default type";
  if (old_type == new_type) return;
  for (Node::Entry& entry : map.entries) {
    if (entry.key == "type") continue;
    if (entry.value.written_for.empty()) {
      entry.value.written_for = old_type;
    } else if (entry.value.written_for == new_type) {
      entry.value.written_for.clear();
    }
  }
}

// Walks down `keys` from `root`, making maps on the way, and puts the value there.
class Setter {
 public:
  Setter(const Place& place, Problems& problems) : place_(place), problems_(problems) {}

  void set(Node& target, std::span<const std::string> keys, Node value) {
    if (keys.empty()) {
      target = merge(std::move(target), std::move(value));
      return;
    }
    if (target.is_null()) target = make_map_node(place_, target.key_path);
    if (target.is_list()) return set_item(target, keys, std::move(value));
    if (target.is_map()) return set_entry(target, keys, std::move(value));
    problems_.error(place_, join_path(target.key_path, keys[0]),
                    target.key_path + " is " + name_of(target) + " and has no keys");
  }

 private:
  void set_entry(Node& map, std::span<const std::string> keys, Node value) {
    if (keys.size() == 1 && keys[0] == "type" && value.is_scalar()) mark_neighbours(map, value.scalar);
    if (!value.is_null()) drop_alternative(map, keys[0]);
    Node::Entry* entry = map.find_entry(keys[0]);
    if (!entry) {
      map.entries.push_back({keys[0], place_, Node{}});
      entry = &map.entries.back();
      entry->value.key_path = join_path(map.key_path, keys[0]);
    }
    entry->place = place_;
    set(entry->value, keys.subspan(1), std::move(value));
  }

  void set_item(Node& list, std::span<const std::string> keys, Node value) {
    std::size_t index = 0;
    const char* end = keys[0].data() + keys[0].size();
    const auto parsed = std::from_chars(keys[0].data(), end, index);
    if (parsed.ec != std::errc{} || parsed.ptr != end || index >= list.items.size()) {
      problems_.error(place_, join_path(list.key_path, keys[0]),
                      "expected an index below " + std::to_string(list.items.size()) + ", the length of the list " +
                          list.key_path + ", found \"" + keys[0] + "\"");
      return;
    }
    set(list.items[index], keys.subspan(1), std::move(value));
  }

  const Place& place_;
  Problems& problems_;
};

std::optional<Node> parse_value(std::string_view text, const std::string& path, const Place& place, Problems& problems,
                                YamlBudget& budget) {
  Problems doubles;
  try {
    Node value = parse_yaml(text, place.file, path, doubles, budget);
    assign_place(value, place);
    if (!doubles.any()) return value;
    problems.error(place, path, "a key is given twice");
  } catch (const SyntaxError& error) {
    problems.error(place, path, error.what());
  }
  return std::nullopt;
}

}  // namespace

void apply_override(Node& root, const std::string& argument, Problems& problems, YamlBudget& budget) {
  const Place place{"--set " + argument, 0, 0};
  const std::size_t equals = argument.find('=');
  const std::string path = argument.substr(0, equals);
  if (path.size() > kLongestKey) return problems.error(place, "", "the path of the key is too long");
  const std::vector<std::string> keys = split(path);
  bool complete = equals != std::string::npos;
  for (const std::string& key : keys) complete = complete && !key.empty();
  if (!complete) return problems.error(place, "", "expected key.path=value, such as train.batch_size=4");
  if (keys.size() > kDeepestYaml) return problems.error(place, "", "the path of the key is too long");
  if (keys[0] == "extends") return problems.error(place, path, "only a file can extend another");
  auto value = parse_value(std::string_view(argument).substr(equals + 1), path, place, problems, budget);
  if (value) Setter(place, problems).set(root, keys, std::move(*value));
}

}  // namespace sshost::config
