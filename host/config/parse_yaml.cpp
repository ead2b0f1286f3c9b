#include "config/parse_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "config/yaml_source.h"

namespace sshost::config {

namespace {

// What a tree takes: its values, and the bytes of its text and keys.
YamlBudget size_of(const Node& node) {
  YamlBudget size{1, node.scalar.size()};
  const auto add = [&size](const Node& child) {
    const YamlBudget more = size_of(child);
    size.nodes += more.nodes;
    size.bytes += more.bytes;
  };
  for (const Node& item : node.items) add(item);
  for (const Node::Entry& entry : node.entries) {
    size.bytes += entry.key.size();
    add(entry.value);
  }
  return size;
}

// The bytes that assign_paths will write below a node whose path is that long.
std::size_t bytes_of_paths(const Node& node, std::size_t length) {
  constexpr std::size_t kIndex = 6;  // digits of an index and its dot, at most
  std::size_t bytes = length;
  for (const Node& item : node.items) bytes += bytes_of_paths(item, length + kIndex);
  for (const Node::Entry& entry : node.entries) bytes += bytes_of_paths(entry.value, length + entry.key.size() + 1);
  return bytes;
}

// Builds the tree from the parser's events: yaml-cpp's own nodes know no places of keys and merge equal keys.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(SourceName name, std::string_view text, YamlBudget& budget)
      : name_(std::move(name)), source_(text), budget_(budget) {}

  Node take_root() { return std::move(root_); }
  bool finished() const { return documents_ > 0; }
  const YamlSource& source() const { return source_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw SyntaxError(place_of(mark), "expected one document, found a second one");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) return take_key("null", false, mark);
    spend({1, 0}, place_of(mark));
    finish(source_.has_null_at(mark.line + 1, mark.column + 1) ? make(Node::Kind::kNull, mark) : left_out(mark),
           anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_as_key(mark, "an alias");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw SyntaxError(place_of(mark), "an alias inside of its own anchor");
    spend(size_of(found->second), place_of(mark));
    finish(found->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (wants_key()) return take_key(value, value == "<<" && !quoted, mark);
    spend({1, value.size()}, place_of(mark));
    Node node = make(Node::Kind::kScalar, mark);
    node.scalar = value;
    node.quoted = quoted;
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_as_key(mark, "a list");
    open(Node::Kind::kList, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_as_key(mark, "a map");
    open(Node::Kind::kMap, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  // A list or map whose end has not come.
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    bool has_key = false;  // of a map: its next value belongs to the last entry or, where `merges`, to "<<"
    bool merges = false;
    std::vector<Node> merged = {};  // the maps of "<<"
  };

  Place place_of(const YAML::Mark& mark) const { return {name_, mark.line + 1, mark.column + 1}; }

  bool wants_key() const { return !open_.empty() && open_.back().node.is_map() && !open_.back().has_key; }

  void refuse_as_key(const YAML::Mark& mark, const std::string& what) const {
    if (wants_key()) {
      throw SyntaxError(place_of(mark), "not valid YAML: expected a name as the key of a map, found " + what +
                                            " (is a bracket left open?)");
    }
  }

  void spend(const YamlBudget& size, const Place& place) {
    if (size.nodes > budget_.nodes) throw SyntaxError(place, "too many values (aliases that repeat each other?)");
    if (size.bytes > budget_.bytes) throw SyntaxError(place, "too much text (aliases that repeat it?)");
    budget_.nodes -= size.nodes;
    budget_.bytes -= size.bytes;
  }

  Node make(Node::Kind kind, const YAML::Mark& mark) const {
    Node node;
    node.kind = kind;
    node.place = place_of(mark);
    return node;
  }

  // A null where nothing is written. The parser is behind it by then: a map's is at its key.
  Node left_out(const YAML::Mark& mark) const {
    Node node = make(Node::Kind::kNull, mark);
    if (open_.empty()) return node;
    if (open_.back().node.is_list()) {
      node.comment = source_.comment_of_item_above(mark.line + 1);
    } else if (!open_.back().merges) {
      const Node::Entry& entry = open_.back().node.entries.back();
      node.place = entry.place;
      node.comment = source_.comment_behind_key(entry.place.line, entry.place.column, entry.key);
    }
    return node;
  }

  void take_key(const std::string& key, bool merges, const YAML::Mark& mark) {
    const Place place = place_of(mark);
    if (key.size() > kLongestKey) {
      throw SyntaxError(place, "expected a key of at most " + std::to_string(kLongestKey) + " bytes, found " +
                                   std::to_string(key.size()));
    }
    spend({0, key.size()}, place);
    open_.back().has_key = true;
    open_.back().merges = merges;
    if (!merges) open_.back().node.entries.push_back({key, place, Node{}});
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() == kDeepestYaml) {
      throw SyntaxError(place_of(mark), "not valid YAML for a pipeline: more than " + std::to_string(kDeepestYaml) +
                                            " lists and maps within each other");
    }
    spend({1, 0}, place_of(mark));
    open_.push_back({make(kind, mark), anchor});
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    merge(done);
    finish(std::move(done.node), done.anchor);
  }

  // Adds what the map does not have itself, nor an earlier one of the maps.
  static void merge(Open& map) {
    if (map.merged.empty()) return;
    std::set<std::string> known;
    for (const Node::Entry& entry : map.node.entries) known.insert(entry.key);
    for (Node& other : map.merged) {
      for (Node::Entry& entry : other.entries) {
        if (known.insert(entry.key).second) map.node.entries.push_back(std::move(entry));
      }
    }
  }

  static void add_merged(Open& map, Node value) {
    if (value.is_map()) {
      map.merged.push_back(std::move(value));
      return;
    }
    const bool all_maps = std::all_of(value.items.begin(), value.items.end(), [](const Node& n) { return n.is_map(); });
    if (!value.is_list() || !all_maps) {
      const std::string found = value.is_list() ? "a list with something else" : value.is_null() ? "nothing" : "text";
      throw SyntaxError(value.place, "expected a map, or a list of maps, to be merged by \"<<\", found " + found);
    }
    for (Node& item : value.items) map.merged.push_back(std::move(item));
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) {
      spend(size_of(node), node.place);
      anchors_[anchor] = node;
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& around = open_.back();
    around.has_key = false;
    if (around.node.is_list()) {
      around.node.items.push_back(std::move(node));
    } else if (around.merges) {
      add_merged(around, std::move(node));
    } else {
      around.node.entries.back().value = std::move(node);
    }
  }

  const SourceName name_;
  const YamlSource source_;
  YamlBudget& budget_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  int documents_ = 0;
};

bool is_allowed_control(char c) { return c == '\t' || c == '\n' || c == '\r'; }

// yaml-cpp replaces broken UTF-8 silently and takes some control characters for the end of the file.
void check_text(std::string_view text, const SourceName& name) {
  Place place{name, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = first_character(text.substr(i)).length;
    if (length == 0) throw SyntaxError(place, "expected UTF-8 text, found the byte " + std::to_string(text[i] & 0xFF));
    const bool control = static_cast<unsigned char>(text[i]) < 0x20 && !is_allowed_control(text[i]);
    if (control) throw SyntaxError(place, "expected text, found the control character " + std::to_string(text[i]));
    place.column += static_cast<int>(length);
    if (text[i] == '\n') place = {name, place.line + 1, 1};
    i += length;
  }
}

void remove_doubles(Node& node, Problems& problems) {
  for (Node& item : node.items) remove_doubles(item, problems);
  std::map<std::string, Place> seen;
  std::vector<Node::Entry> kept;
  for (Node::Entry& entry : node.entries) {
    const auto [first, is_new] = seen.emplace(entry.key, entry.place);
    if (!is_new) {
      const std::string message = "the key is given twice, first at " + to_string(first->second);
      problems.error(entry.place, entry.value.key_path, message);
      continue;
    }
    remove_doubles(entry.value, problems);
    kept.push_back(std::move(entry));
  }
  node.entries = std::move(kept);
}

[[noreturn]] void throw_not_valid(const YAML::Exception& error, const YamlSource& source, const SourceName& name) {
  const bool known = !error.mark.is_null();
  const int line = known ? error.mark.line + 1 : 0;
  if (const auto tab = source.find_tab(line + 1)) {
    throw SyntaxError(
        {name, tab->line, tab->column},
        "not valid YAML: a tab in front of a line, where spaces alone may stand: put spaces in its place");
  }
  if (const auto unquoted = source.find_unquoted(line)) {
    throw SyntaxError({name, unquoted->line, unquoted->column}, "not valid YAML: " + unquoted->advice);
  }
  throw SyntaxError({name, line, known ? error.mark.column + 1 : 0}, "not valid YAML: " + error.msg);
}

}  // namespace

Node parse_yaml(std::string_view text, const SourceName& name, const std::string& path, Problems& problems,
                YamlBudget& budget) {
  if (text.size() > kLongestYaml) {
    throw SyntaxError({name, 0, 0}, "expected at most " + std::to_string(kLongestYaml) + " bytes of YAML, found " +
                                        std::to_string(text.size()));
  }
  check_text(text, name);
  TreeBuilder builder(name, text, budget);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw_not_valid(error, builder.source(), name);
  }
  Node root = builder.take_root();
  if (!builder.finished()) root.place = {name, 1, 1};
  const std::size_t bytes = bytes_of_paths(root, path.size());
  if (bytes > budget.bytes) throw SyntaxError(root.place, "too much text in the keys");
  budget.bytes -= bytes;
  assign_paths(root, path);
  remove_doubles(root, problems);
  return root;
}

Node parse_yaml(std::string_view text, const SourceName& name, const std::string& path, Problems& problems) {
  YamlBudget budget;
  return parse_yaml(text, name, path, problems, budget);
}

}  // namespace sshost::config
