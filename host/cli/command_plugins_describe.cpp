#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/printable.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/component_type.h"
#include "config/json.h"
#include "config/nearest.h"
#include "config/pipeline.h"
#include "config/schema.h"
#include "config/sections.h"
#include "data/submission.h"
#include "file/real_path.h"
#include "plugin/descriptor.h"
#include "run/host_types.h"

namespace sshost::cli {
namespace {

constexpr const char* kPipeline = "pipeline";

struct HostGroup {
  const char* word;
  config::HostTypeList types;
};

std::vector<HostGroup> host_groups() {
  const config::HostTypes& types = run::host_types();
  return {{"transform", types.transforms},
          {"loss", types.losses},
          {"optimizer", types.optimizers},
          {"schedule", types.schedules}};
}

// What goes by a name, from a plugin or from the host itself.
struct Description {
  std::string kind;  // "head"
  std::string name;
  std::string text;
  const plugin::Component* component;  // nullptr: it is part of sshost
  const ss_schema* options;            // may be nullptr
};

Description description_of(const plugin::Component& component) {
  return {plugin::word_of_kind(component.kind()), std::string(component.name()), std::string(component.text()),
          &component, component.options()};
}

// Everything that goes by the name, since kinds have names of their own: fcn may be a head and a memory.
std::vector<Description> descriptions_of_name(const plugin::Registry& registry, const std::string& name) {
  std::vector<Description> found;
  for (const plugin::Component* component : registry.named(name)) found.push_back(description_of(*component));
  for (const HostGroup& group : host_groups()) {
    const config::HostType* type = config::find_type(group.types, name);
    if (type != nullptr) found.push_back({group.word, type->name, type->text, nullptr, &type->schema.abi()});
  }
  return found;
}

std::vector<Description> descriptions_of_library(const plugin::Registry& registry, const config::TypePath& path) {
  const auto file = file::real_path(path.path);
  std::vector<Description> found;
  for (const plugin::Component* component : registry.all()) {
    if (component->path != file || (!path.name.empty() && component->name() != path.name)) continue;
    found.push_back(description_of(*component));
  }
  return found;
}

std::vector<data::Submission> submissions_of(const Description& described) {
  const plugin::Component* component = described.component;
  const bool is_dataset = component != nullptr && component->kind() == SS_DATASET_1;
  return is_dataset ? data::submissions_of(*component) : std::vector<data::Submission>();
}

std::string submissions_text(const Description& described) {
  std::string text;
  for (const data::Submission& each : submissions_of(described)) text += "  " + each.name() + "  " + each.text() + "\n";
  return text.empty() ? "" : "\nlayouts for evaluate.prediction_formats:\n" + text;
}

nlohmann::json submissions_json(const Description& described) {
  nlohmann::json list = nlohmann::json::array();
  for (const data::Submission& each : submissions_of(described)) {
    list.push_back({{"name", each.name()}, {"text", each.text()}});
  }
  return list;
}

std::string to_text(const Description& described) {
  const plugin::Component* component = described.component;
  const std::string origin = component == nullptr ? "part of sshost"
                                                  : "plugin " + component->plugin_name + " " +
                                                        component->plugin_version + ", " + component->path.string();
  const std::string options = described.options == nullptr ? "" : config::describe(*described.options);
  return described.kind + " " + described.name + ": " + described.text + "\n" + origin + "\n\n" +
         (options.empty() ? "It has no options.\n" : options) + submissions_text(described);
}

nlohmann::json to_json(const Description& described) {
  const plugin::Component* component = described.component;
  const auto of_plugin = [&](auto value) { return component == nullptr ? nlohmann::json() : nlohmann::json(value()); };
  return {
      {"kind", described.kind},
      {"name", described.name},
      {"text", described.text},
      {"plugin", of_plugin([&] { return component->plugin_name; })},
      {"version", of_plugin([&] { return component->plugin_version; })},
      {"file", of_plugin([&] { return component->path.string(); })},
      {"options", described.options == nullptr ? nlohmann::json::array() : config::schema_to_json(*described.options)},
      {"submissions", submissions_json(described)}};
}

[[noreturn]] void throw_unknown(const plugin::Registry& registry, const std::string& type) {
  std::vector<std::string> names{kPipeline};
  for (const plugin::Component* component : registry.all()) names.emplace_back(component->name());
  for (const HostGroup& group : host_groups()) {
    for (const config::HostType* host_type : group.types) names.push_back(host_type->name);
  }
  throw UsageError("nothing is named \"" + type + "\"" + config::suggestion(type, names) +
                   "; there are: " + config::join_names(names));
}

}  // namespace

int describe_plugins(const PluginsDescribeArguments& arguments) {
  Session session(arguments.talk);
  std::vector<std::filesystem::path> named = arguments.paths;
  const auto path = config::split_type_path(arguments.type);
  if (path) named.emplace_back(path->path);
  const plugin::Registry registry = session.open_plugins(named);
  registry.require_named_files();
  std::vector<Description> found =
      path ? descriptions_of_library(registry, *path) : descriptions_of_name(registry, arguments.type);
  if (arguments.type == kPipeline) {
    found = {{kPipeline, kPipeline, "all keys that are no component's", nullptr, &config::pipeline_schema().abi()}};
  }
  if (found.empty()) throw_unknown(registry, arguments.type);
  if (session.is_json()) {
    nlohmann::json types = nlohmann::json::array();
    for (const Description& described : found) types.push_back(to_json(described));
    print_document({{"types", types}});
    return kDone;
  }
  if (arguments.type == kPipeline) {
    std::fputs(config::describe_pipeline(run::host_types()).c_str(), stdout);
    return kDone;
  }
  std::string text;
  for (const Description& described : found) text += (text.empty() ? "" : "\n") + to_text(described);
  std::fputs(printable(text).c_str(), stdout);
  return kDone;
}

}  // namespace sshost::cli
