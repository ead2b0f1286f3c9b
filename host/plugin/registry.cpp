#include "plugin/registry.h"

#include <algorithm>
#include <system_error>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "config/component_type.h"
#include "config/nearest.h"

namespace sshost::plugin {
namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::string article(const std::string& word) {
  const bool vowel = std::string_view("aeiou").find(word.front()) != std::string_view::npos;
  return (vowel ? "an " : "a ") + word;
}

std::string whose(const Component& component) {
  return component.path.string() + " (" + component.plugin_name + " " + component.plugin_version + ")";
}

[[noreturn]] void throw_ambiguous(const std::vector<const Component*>& candidates) {
  const Component& first = *candidates.front();
  const std::string word = word_of_kind(first.kind());
  std::string text =
      std::to_string(candidates.size()) + " plugins offer " + article(word) + " named " + in_quotes(first.name()) + ":";
  for (const Component* candidate : candidates)
    text += " " + whose(*candidate) + (candidate == candidates.back() ? "" : ",");
  throw UsageError(text + "; choose one by its path, such as `type: " + first.path.string() + "`");
}

}  // namespace

Registry::Registry(std::vector<Component> components, std::vector<Refusal> refusals, std::vector<Library> libraries,
                   std::vector<Refusal> left_out)
    : components_(std::move(components)),
      refusals_(std::move(refusals)),
      libraries_(std::move(libraries)),
      left_out_(std::move(left_out)) {
  std::stable_sort(components_.begin(), components_.end(), [](const Component& a, const Component& b) {
    return std::tuple(a.kind(), a.name()) < std::tuple(b.kind(), b.name());
  });
}

const Component& Registry::find(std::string_view kind, std::string_view type) const {
  if (const auto path = config::split_type_path(type)) return find_in_file(kind, path->path, path->name);
  return find_name(kind, type);
}

const Component& Registry::find_name(std::string_view kind, std::string_view name) const {
  std::vector<const Component*> best;
  for (const Component& component : components_) {
    if (component.kind() != kind || component.name() != name) continue;
    if (!best.empty() && component.origin < best.front()->origin) continue;
    if (!best.empty() && component.origin > best.front()->origin) best.clear();
    best.push_back(&component);
  }
  if (best.empty()) throw_unknown(kind, name);
  if (best.size() > 1) throw_ambiguous(best);
  return *best.front();
}

const Component& Registry::find_in_file(std::string_view kind, const std::string& path, const std::string& name) const {
  if (const Refusal* refusal = refusal_of(path)) throw UsageError(to_string(*refusal));
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
  const std::string word = word_of_kind(kind);
  std::vector<const Component*> fitting;
  std::vector<std::string> names;
  for (const Component& component : components_) {
    if (component.kind() != kind || component.path != canonical) continue;
    names.emplace_back(component.name());
    if (name.empty() || component.name() == name) fitting.push_back(&component);
  }
  if (fitting.size() == 1) return *fitting.front();
  if (names.empty()) throw UsageError(path + ": the plugin offers no " + word);
  if (fitting.empty()) {
    throw UsageError(path + ": the plugin offers no " + word + " named " + in_quotes(name) + "; it has " +
                     config::join_names(names) + config::suggestion(name, names));
  }
  throw UsageError(path + ": the plugin offers several of kind " + word + ": " + config::join_names(names) +
                   "; choose one, such as `type: " + path + ":" + names.front() + "`");
}

void Registry::throw_unknown(std::string_view kind, std::string_view name) const {
  const std::string word = word_of_kind(kind);
  const std::vector<std::string> known = names(kind);
  std::string text = "no " + word + " is named " + in_quotes(name);
  text += known.empty() ? "; no plugin offers " + article(word) : "; there are: " + config::join_names(known);
  text += config::suggestion(name, known);
  for (const Refusal& refusal : refusals_) {
    if (!refusal.foreign || refusal.path.stem() == name) text += "\n  refused: " + to_string(refusal);
  }
  throw UsageError(text);
}

std::vector<const Component*> Registry::named(std::string_view name) const {
  std::vector<const Component*> found;
  for (const Component& component : components_) {
    if (component.name() == name) found.push_back(&component);
  }
  return found;
}

std::vector<const Component*> Registry::all() const {
  std::vector<const Component*> list;
  for (const Component& component : components_) list.push_back(&component);
  return list;
}

std::vector<std::string> Registry::names(std::string_view kind) const {
  std::vector<std::string> list;
  for (const Component& component : components_) {
    const bool repeated = !list.empty() && list.back() == component.name();
    if (component.kind() == kind && !repeated) list.emplace_back(component.name());
  }
  return list;
}

const Refusal* Registry::refusal_of(const std::filesystem::path& path) const {
  std::error_code error;
  const std::filesystem::path canonical = std::filesystem::weakly_canonical(path, error);
  const auto found = std::find_if(refusals_.begin(), refusals_.end(), [&](const Refusal& refusal) {
    return refusal.path == canonical || refusal.path == path;
  });
  return found == refusals_.end() ? nullptr : &*found;
}

const Library* Registry::library_of(const Component& component) const {
  const auto found = std::find_if(libraries_.begin(), libraries_.end(),
                                  [&](const Library& library) { return library.path == component.path; });
  return found == libraries_.end() ? nullptr : &*found;
}

void Registry::require_named_files() const {
  for (const Refusal& refusal : refusals_) {
    if (refusal.origin == Origin::kPipelineFile) throw UsageError(to_string(refusal));
  }
}

}  // namespace sshost::plugin
