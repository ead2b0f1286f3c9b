#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/host_type.h"
#include "config/nearest.h"
#include "plugin/find.h"
#include "run/host_types.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

// Where a type was looked for, and what is there.
std::vector<std::string> places_of(const PluginsWhyArguments& arguments) {
  std::vector<std::string> places;
  std::error_code ignored;
  for (const fs::path& folder : plugin::default_search_path()) {
    places.push_back(folder.string() + (fs::is_directory(folder, ignored) ? "" : " (there is no such folder)"));
  }
  for (const fs::path& path : arguments.paths) places.push_back(path.string());
  return places;
}

const char* word_of(plugin::Origin origin) {
  switch (origin) {
    case plugin::Origin::kPipelineFile:
      return "named";
    case plugin::Origin::kPipelineFolder:
      return "in a folder that is named";
    default:
      return "on the search path";
  }
}

std::string line_of(const plugin::Component& component) {
  return to_string(component) + ", plugin " + component.plugin_name + " " + component.plugin_version + ", " +
         word_of(component.origin);
}

std::vector<std::string> refused_lines(const plugin::Registry& registry, const std::string& type) {
  std::vector<std::string> lines;
  for (const plugin::Refusal& refusal : registry.refusals()) {
    if (!refusal.foreign || refusal.path.stem() == type) lines.push_back("refused: " + to_string(refusal));
  }
  for (const plugin::Refusal& refusal : registry.left_out()) lines.push_back("left out: " + to_string(refusal));
  return lines;
}

struct OwnGroup {
  const char* word;
  const config::HostTypeList& types;
};

std::vector<OwnGroup> own_groups() {
  const config::HostTypes& types = run::host_types();
  return {{"transform", types.transforms},
          {"loss", types.losses},
          {"optimizer", types.optimizers},
          {"schedule", types.schedules}};
}

bool is_own(const std::string& word, const std::string& name) {
  const std::vector<OwnGroup> groups = own_groups();
  return std::any_of(groups.begin(), groups.end(), [&](const OwnGroup& group) {
    return word == group.word && config::find_type(group.types, name) != nullptr;
  });
}

// What of the host's own goes by the name comes before a plugin's of the same kind.
std::vector<std::string> offered_lines(const plugin::Registry& registry, const std::string& name) {
  std::vector<std::string> lines;
  for (const OwnGroup& group : own_groups()) {
    if (is_own(group.word, name)) lines.push_back(std::string(group.word) + " " + name + ", part of sshost");
  }
  for (const plugin::Component* component : registry.named(name)) {
    const bool is_behind = is_own(plugin::word_of_kind(component->kind()), name);
    const std::string way = "; sshost's own comes before it, so choose it by its path: `type: ";
    lines.push_back(line_of(*component) + (is_behind ? way + component->path.string() + "`" : ""));
  }
  return lines;
}

std::string unknown(const plugin::Registry& registry, const std::string& type) {
  std::vector<std::string> names;
  for (const plugin::Component* component : registry.all()) names.emplace_back(component->name());
  for (const OwnGroup& group : own_groups()) {
    for (const config::HostType* each : group.types) names.push_back(each->name);
  }
  return "nothing offers \"" + type + "\"" + config::suggestion(type, names);
}

}  // namespace

int explain_plugin(const PluginsWhyArguments& arguments) {
  Session session(arguments.talk);
  const plugin::Registry registry = session.open_plugins(arguments.paths);
  const std::vector<std::string> found = offered_lines(registry, arguments.type);
  const std::vector<std::string> places = places_of(arguments), refused = refused_lines(registry, arguments.type);
  if (session.is_json()) {
    print_document({{"type", arguments.type}, {"offered", found}, {"looked_in", places}, {"refused", refused}});
    return found.empty() ? kFailed : kDone;
  }
  report::Console& console = session.console();
  if (found.empty()) console.line(unknown(registry, arguments.type));
  for (const std::string& line : found) console.line(line);
  console.line("looked in:");
  for (const std::string& place : places) console.line("  " + place);
  for (const std::string& line : refused) console.line(line);
  return found.empty() ? kFailed : kDone;
}

}  // namespace sshost::cli
