#include "config/parse_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <map>
#include <sstream>
#include <utility>

namespace sshost::config {

namespace {

// Aliases of aliases could grow without bound; no pipeline comes near this many values.
constexpr std::size_t kMaximumNodes = 100'000;

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const Node& item : node.items) count += count_nodes(item);
  for (const Node::Entry& entry : node.entries) count += count_nodes(entry.value);
  return count;
}

// Builds the tree from the parser's events: yaml-cpp's own nodes know no places of keys and merge equal keys.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string name) : name_(std::move(name)) {}

  Node take_root() { return std::move(root_); }
  bool finished() const { return documents_ > 0; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw SyntaxError(place_of(mark), "expected one document, found a second one");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) return take_key("null", mark);
    finish(make(Node::Kind::kNull, mark), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_as_key(mark, "an alias");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw SyntaxError(place_of(mark), "an alias inside of its own anchor");
    count(count_nodes(found->second), mark);
    finish(found->second, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (wants_key()) return take_key(value, mark);
    Node node = make(Node::Kind::kScalar, mark);
    node.scalar = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_as_key(mark, "a list");
    open_.push_back({make(Node::Kind::kList, mark), anchor, false});
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_as_key(mark, "a map");
    open_.push_back({make(Node::Kind::kMap, mark), anchor, false});
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    bool has_key;
  };

  Place place_of(const YAML::Mark& mark) const { return {name_, mark.line + 1, mark.column + 1}; }

  bool wants_key() const { return !open_.empty() && open_.back().node.is_map() && !open_.back().has_key; }

  void refuse_as_key(const YAML::Mark& mark, const std::string& what) const {
    if (wants_key()) {
      throw SyntaxError(place_of(mark), "not valid YAML: expected a name as the key of a map, found " + what +
                                            " (is a bracket left open?)");
    }
  }

  void count(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ > kMaximumNodes) throw SyntaxError(place_of(mark), "too many values (aliases that repeat each other?)");
  }

  Node make(Node::Kind kind, const YAML::Mark& mark) {
    count(1, mark);
    Node node;
    node.kind = kind;
    node.place = place_of(mark);
    return node;
  }

  void take_key(const std::string& key, const YAML::Mark& mark) {
    open_.back().node.entries.push_back({key, place_of(mark), Node{}});
    open_.back().has_key = true;
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    finish(std::move(done.node), done.anchor);
  }

  void finish(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.is_list()) {
      open_.back().node.items.push_back(std::move(node));
    } else {
      open_.back().node.entries.back().value = std::move(node);
      open_.back().has_key = false;
    }
  }

  std::string name_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// Length of the UTF-8 sequence at the beginning of `text`, or 0 where there is no valid one (RFC 3629).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(i < text.size() ? text[i] : 0); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool outside = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || outside ? 0 : length;
}

bool is_allowed_control(char c) { return c == '\t' || c == '\n' || c == '\r'; }

// yaml-cpp replaces broken UTF-8 silently and takes some control characters for the end of the file.
void check_text(std::string_view text, const std::string& name) {
  Place place{name, 1, 1};
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
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

}  // namespace

Node parse_yaml(std::string_view text, const std::string& name, const std::string& path, Problems& problems) {
  check_text(text, name);
  TreeBuilder builder(name);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const bool known = !error.mark.is_null();
    throw SyntaxError({name, known ? error.mark.line + 1 : 0, known ? error.mark.column + 1 : 0},
                      "not valid YAML: " + error.msg);
  }
  Node root = builder.take_root();
  if (!builder.finished()) root.place = {name, 1, 1};
  assign_paths(root, path);
  remove_doubles(root, problems);
  return root;
}

}  // namespace sshost::config
