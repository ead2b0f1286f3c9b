#include "config/load.h"

#include <cstdlib>
#include <utility>

#include "config/component_type.h"
#include "config/merge.h"
#include "config/parse_yaml.h"
#include "file/real_path.h"
#include "file/regular_file.h"

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
    const fs::path identity = file::real_path(file);
    for (std::size_t i = 0; i < open_.size(); ++i) {
      if (open_[i] == identity)
        give_up(place, key_path, "the files extend each other in a circle: " + circle(i), problems_);
    }
    if (++files_ > kMostFiles) {
      give_up(place, key_path, "the pipeline extends more than " + std::to_string(kMostFiles) + " files", problems_);
    }
    const std::string text = read(file, place, key_path);
    open_.push_back(identity);
    Node node = resolve(text, file.string());
    open_.pop_back();
    return node;
  }

  // One that extends nothing.
  Node resolve_alone(const std::string& text, const std::string& name) {
    Node own = parse(text, name);
    const Node* extends = own.find("extends");
    if (extends) give_up(extends->place, "extends", "only a file can extend another", problems_);
    return own;
  }

  YamlBudget& budget() { return budget_; }

 private:
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

  Node parse(const std::string& text, const SourceName& name) {
    try {
      Node node = parse_yaml(text, name, "", problems_, budget_);
      if (node.is_null()) node.kind = Node::Kind::kMap;
      if (node.is_map()) return node;
      give_up(node.place, "",
              "expected a map with the keys of a pipeline, found " + std::string(node.is_list() ? "a list" : "text"),
              problems_);
    } catch (const SyntaxError& error) {
      give_up(error.place(), "", error.what(), problems_);
    }
  }

  std::string read(const fs::path& file, const Place& place, std::string_view key_path) {
    try {
      return file::read_file(file, kLongestYaml);
    } catch (const file::UnreadableFile& error) {
      give_up(place, key_path, error.what(), problems_);
    }
  }

  std::string circle(std::size_t begin) const {
    std::string text;
    for (std::size_t i = begin; i < open_.size(); ++i) text += open_[i].string() + " -> ";
    return text + open_[begin].string();
  }

  Problems& problems_;
  YamlBudget budget_;
  std::size_t files_ = 0;
  std::vector<fs::path> open_;  // the files that are being read, each extending the next
};

Node with_overrides(Node root, const std::vector<std::string>& overrides, Problems& problems, YamlBudget& budget) {
  for (const std::string& argument : overrides) apply_override(root, argument, problems, budget);
  return root;
}

// Every `type` of the pipeline is looked at: only a component's can be a path.
void add_type_paths(const Node& node, std::vector<NamedPlugin>& named) {
  for (const Node& item : node.items) add_type_paths(item, named);
  for (const Node::Entry& entry : node.entries) {
    add_type_paths(entry.value, named);
    const auto type = split_type_path(entry.key == "type" ? entry.value.scalar : "");
    if (type) named.push_back({absolute_path(type->path, entry.value.place), entry.value.place, entry.value.key_path});
  }
}

}  // namespace

Node load_pipeline_file(const fs::path& file, const std::vector<std::string>& overrides, Problems& problems) {
  Loader loader(problems);
  return with_overrides(loader.load(file, Place{file.string(), 0, 0}, ""), overrides, problems, loader.budget());
}

Node load_pipeline_text(const std::string& text, const std::string& name, const std::vector<std::string>& overrides,
                        Problems& problems) {
  Loader loader(problems);
  return with_overrides(loader.resolve_alone(text, name), overrides, problems, loader.budget());
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

std::vector<NamedPlugin> read_type_paths(const Node& root) {
  std::vector<NamedPlugin> named;
  add_type_paths(root, named);
  return named;
}

}  // namespace sshost::config
