#include <string>

#include "app/plugin_list.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "plugin/elf_comment.h"
#include "plugin/elf_note.h"
#include "plugin/text.h"
#include "report/table.h"

namespace sshost::cli {
namespace {

std::string joined(const ss_string* texts, uint32_t count) {
  std::string all;
  for (uint32_t i = 0; i < count; ++i) all += (i == 0 ? "" : ", ") + std::string(plugin::view(texts[i]));
  return all.empty() ? "nothing" : all;
}

// What a library says of itself.
std::vector<std::string> lines_of(const plugin::Library& library) {
  const plugin::Note note = plugin::read_note(library.path);
  const ss_plugin& plugin = *library.descriptor;
  std::string kinds;
  for (const std::string& kind : note.kinds) kinds += (kinds.empty() ? "" : ", ") + kind;
  return {library.path.string(),
          "  plugin " + std::string(plugin::view(plugin.name)) + " " + std::string(plugin::view(plugin.version)),
          "  kinds " + kinds,
          "  built for contract " + std::to_string(note.abi_major) + "." + std::to_string(note.abi_minor) + " by " +
              plugin::compilers_of(library.path),
          "  needs capabilities: " + joined(plugin.needed_capabilities, plugin.needed_capability_count),
          "  needs operators: " + joined(plugin.needed_operators, plugin.needed_operator_count)};
}

}  // namespace

int list_plugins(const PluginsListArguments& arguments) {
  Session session(arguments.talk);
  const plugin::Registry registry = session.open_plugins(arguments.paths);
  if (session.is_json()) {
    registry.require_named_files();
    print_document(app::to_json(registry));
    return kDone;
  }
  report::Table table{{"KIND", "TYPE", "PLUGIN", "FILE"}, {}};
  for (const plugin::Component* component : registry.all()) {
    table.rows.push_back({plugin::word_of_kind(component->kind()), std::string(component->name()),
                          component->plugin_name + " " + component->plugin_version, component->path.string()});
  }
  for (const std::string& line : to_lines(table)) session.console().line(line);
  if (arguments.talk.verbose) {
    for (const plugin::Library& library : registry.libraries()) {
      for (const std::string& line : lines_of(library)) session.console().line(line);
    }
  }
  for (const plugin::Refusal& refusal : registry.refusals()) {
    session.console().line("refused: " + to_string(refusal));
  }
  for (const plugin::Refusal& refusal : registry.left_out()) {
    session.console().line("left out: " + to_string(refusal));
  }
  registry.require_named_files();
  return kDone;
}

}  // namespace sshost::cli
