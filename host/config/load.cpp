#include "config/load.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

#include "config/component_type.h"
#include "config/merge.h"
#include "config/parse_yaml.h"

namespace sshost::config {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void give_up(const Place& place, std::string_view key_path, const std::string& message,
                          Problems& problems) {
  problems.error(place, key_path, message);
  problems.throw_if_any();
  std::abort();  // not reached: there is an error
}

// Reads a file and all that it extends.
class Loader {
 public:
  explicit Loader(Problems& problems) : problems_(problems) {}

  // `place` and `key_path` say who asked for the file.
  Node load(const fs::path& file, const Place& place, std::string_view key_path) {
    const fs::path identity = fs::weakly_canonical(file);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (open_[i] == identity)
        give_up(place, key_path, "the files extend each other in a circle: " + circle(i), problems_);
    }
    const std::string text = read(file, place, key_path);
    open_.push_back(identity);
    Node node = resolve(text, file.string());
    open_.pop_back();
    return node;
  }

  Node resolve(const std::string& text, const std::string& name) {
    Node own = parse(text, name);
    const Node* extends = own.find("extends");
    if (!extends) return own;
    Node below;
    for (const Node& base : extends->is_list() ? extends->items : std::vector<Node>{*extends}) {
      if (base.is_null()) continue;
      if (!base.is_scalar()) give_up(base.place, base.key_path, "expected a path, found " + name_of(base), problems_);
      const fs::path file = (fs::path(name).parent_path() / base.scalar).lexically_normal();
      below = merge(std::move(below), load(file, base.place, base.key_path));
    }
    std::erase_if(own.entries, [](const Node::Entry& entry) { return entry.key == "extends"; });
    return merge(std::move(below), std::move(own));
  }

 private:
  Node parse(const std::string& text, const std::string& name) {
    try {
      Node node = parse_yaml(text, name, "", problems_);
      if (node.is_null()) node.kind = Node::Kind::kMap;
      if (node.is_map()) return node;
      give_up(node.place, "", "expected a map with the keys of a pipeline, found " + name_of(node), problems_);
    } catch (const SyntaxError& error) {
      give_up(error.place(), "", error.what(), problems_);
    }
  }

  std::string read(const fs::path& file, const Place& place, std::string_view key_path) {
    if (fs::is_directory(file))
      give_up(place, key_path, "cannot read " + file.string() + ": it is a folder", problems_);
    errno = 0;
    std::ifstream stream(file, std::ios::binary);
    std::string text(std::istreambuf_iterator<char>(stream), {});
    if (stream) return text;
    const std::string reason = errno != 0 ? std::strerror(errno) : "it could not be opened";
    give_up(place, key_path, "cannot read " + file.string() + ": " + reason, problems_);
  }

  std::string circle(std::size_t begin) const {
    std::string text;
    for (std::size_t i = begin; i < open_.size(); ++i) text += open_[i].string() + " -> ";
    return text + open_[begin].string();
  }

  Problems& problems_;
  std::vector<fs::path> open_;  // the files that are being read, each extending the next
};

Node with_overrides(Node root, const std::vector<std::string>& overrides, Problems& problems) {
  for (const std::string& argument : overrides) apply_override(root, argument, problems);
  return root;
}

// Every `type` of the pipeline is looked at: only a component's can be a path.
void add_type_paths(const Node& node, std::vector<fs::path>& paths) {
  for (const Node& item : node.items) add_type_paths(item, paths);
  for (const Node::Entry& entry : node.entries) {
    add_type_paths(entry.value, paths);
    const auto type = split_type_path(entry.key == "type" ? entry.value.scalar : "");
    if (type) paths.push_back(absolute_path(type->path, entry.value.place));
  }
}

}  // namespace

Node load_pipeline_file(const fs::path& file, const std::vector<std::string>& overrides, Problems& problems) {
  Node root = Loader(problems).load(file, Place{file.string(), 0, 0}, "");
  return with_overrides(std::move(root), overrides, problems);
}

Node load_pipeline_text(const std::string& text, const std::string& name, const std::vector<std::string>& overrides,
                        Problems& problems) {
  return with_overrides(Loader(problems).resolve(text, name), overrides, problems);
}

std::vector<NamedPlugin> read_plugins(const Node& root) {
  std::vector<NamedPlugin> named;
  const Node* plugins = root.find("plugins");
  if (!plugins) return named;
  for (const Node& item : plugins->items) {
    if (!item.is_scalar() || item.scalar.empty()) continue;
    named.push_back({absolute_path(item.scalar, item.place), item.place, item.key_path});
  }
  return named;
}

std::vector<fs::path> read_type_paths(const Node& root) {
  std::vector<fs::path> paths;
  add_type_paths(root, paths);
  return paths;
}

}  // namespace sshost::config
