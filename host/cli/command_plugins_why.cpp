#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/nearest.h"
#include "plugin/find.h"

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

std::string unknown(const plugin::Registry& registry, const std::string& type) {
  std::vector<std::string> names;
  for (const plugin::Component* component : registry.all()) names.emplace_back(component->name());
  return "nothing offers \"" + type + "\"" + config::suggestion(type, names);
}

}  // namespace

int explain_plugin(const PluginsWhyArguments& arguments) {
  Session session(arguments.talk);
  const plugin::Registry registry = session.open_plugins(arguments.paths);
  const std::vector<const plugin::Component*> found = registry.named(arguments.type);
  const std::vector<std::string> places = places_of(arguments), refused = refused_lines(registry, arguments.type);
  if (session.is_json()) {
    nlohmann::json offered = nlohmann::json::array();
    for (const plugin::Component* each : found) offered.push_back(line_of(*each));
    print_document({{"type", arguments.type}, {"offered", offered}, {"looked_in", places}, {"refused", refused}});
    return found.empty() ? kFailed : kDone;
  }
  report::Console& console = session.console();
  if (found.empty()) console.line(unknown(registry, arguments.type));
  for (const plugin::Component* each : found) console.line(line_of(*each));
  console.line("looked in:");
  for (const std::string& place : places) console.line("  " + place);
  for (const std::string& line : refused) console.line(line);
  return found.empty() ? kFailed : kDone;
}

}  // namespace sshost::cli
