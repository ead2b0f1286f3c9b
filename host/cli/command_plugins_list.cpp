#include <string>

#include "app/plugin_list.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "report/table.h"

namespace sshost::cli {

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
  for (const plugin::Refusal& refusal : registry.refusals()) {
    session.console().line("refused: " + to_string(refusal));
  }
  registry.require_named_files();
  return kDone;
}

}  // namespace sshost::cli
