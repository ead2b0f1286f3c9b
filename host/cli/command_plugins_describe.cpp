#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "config/component_type.h"
#include "config/host_types.h"
#include "config/nearest.h"
#include "config/pipeline.h"
#include "config/schema.h"
#include "plugin/descriptor.h"

namespace sshost::cli {
namespace {

struct Arguments {
  std::string type;
  std::vector<std::filesystem::path> paths;
  bool verbose = false;
};

constexpr const char* kPipeline = "pipeline";

struct HostGroup {
  const char* word;
  std::span<const config::HostType> types;
};

std::vector<HostGroup> host_groups() {
  return {{"transform", config::transform_types()},
          {"loss", config::loss_types()},
          {"optimizer", config::optimizer_types()},
          {"schedule", config::schedule_types()}};
}

std::string help_of(const std::string& word, std::string_view name, std::string_view text, const std::string& origin,
                    const ss_schema* schema) {
  const std::string options = schema == nullptr ? "" : config::describe(*schema);
  return word + " " + std::string(name) + ": " + std::string(text) + "\n" + origin + "\n" +
         (options.empty() ? "It has no options.\n" : options);
}

std::string help_of(const plugin::Component& component) {
  return help_of(
      plugin::word_of_kind(component.kind()), component.name(), component.text(),
      "plugin " + component.plugin_name + " " + component.plugin_version + ", " + component.path.string() + "\n",
      component.options());
}

// Everything that goes by the name, since kinds have names of their own: fcn may be a head and a memory.
std::string help_of_name(const plugin::Registry& registry, const std::string& name) {
  std::string help;
  for (const plugin::Component* component : registry.named(name))
    help += (help.empty() ? "" : "\n") + help_of(*component);
  for (const HostGroup& group : host_groups()) {
    for (const config::HostType& type : group.types) {
      if (type.name != name) continue;
      help += (help.empty() ? "" : "\n") +
              help_of(group.word, type.name, type.text, "part of sshost\n", &type.schema.abi());
    }
  }
  return help;
}

std::string help_of_library(const plugin::Registry& registry, const config::TypePath& path) {
  const auto file = std::filesystem::weakly_canonical(path.path);
  std::string help;
  for (const plugin::Component* component : registry.all()) {
    if (component->path != file || (!path.name.empty() && component->name() != path.name)) continue;
    help += (help.empty() ? "" : "\n") + help_of(*component);
  }
  return help;
}

[[noreturn]] void throw_unknown(const plugin::Registry& registry, const std::string& type) {
  std::vector<std::string> names{kPipeline};
  for (const plugin::Component* component : registry.all()) names.emplace_back(component->name());
  for (const HostGroup& group : host_groups()) {
    for (const config::HostType& host_type : group.types) names.push_back(host_type.name);
  }
  throw UsageError("nothing is named \"" + type + "\"" + config::suggestion(type, names) +
                   "; there are: " + config::join_names(names));
}

int describe(const Arguments& arguments) {
  Session session(arguments.verbose);
  std::vector<std::filesystem::path> named = arguments.paths;
  const auto path = config::split_type_path(arguments.type);
  if (path) named.emplace_back(path->path);
  const plugin::Registry registry = session.open_plugins(named);
  registry.require_named_files();
  const std::string help = arguments.type == kPipeline ? config::describe_pipeline()
                           : path                      ? help_of_library(registry, *path)
                                                       : help_of_name(registry, arguments.type);
  if (help.empty()) throw_unknown(registry, arguments.type);
  std::fputs(help.c_str(), stdout);
  return kDone;
}

}  // namespace

void add_plugins_describe_command(Command plugins) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = plugins.add_command("describe", "Show the options of a type");
  command.add_option("type", arguments->type, "What stands behind `type:`, a library, or `pipeline` for all other keys")
      .type_name("TYPE")
      .required();
  command.add_option("paths", arguments->paths, "Further libraries, and folders of libraries").type_name("PATH");
  add_verbose_option(command, arguments->verbose);
  command.footer(
      "Examples:\n"
      "  sshost plugins describe aspp\n"
      "  sshost plugins describe random_crop\n"
      "  sshost plugins describe ./my_head.so\n"
      "  sshost plugins describe pipeline");
  command.runs([arguments] { return describe(*arguments); });
}

}  // namespace sshost::cli
