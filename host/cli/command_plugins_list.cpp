#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/session.h"
#include "report/table.h"

namespace sshost::cli {
namespace {

struct Arguments {
  std::vector<std::filesystem::path> paths;
  bool verbose = false;
};

int list(const Arguments& arguments) {
  Session session(arguments.verbose);
  const plugin::Registry registry = session.open_plugins(arguments.paths);
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

}  // namespace

void add_plugins_list_command(Command plugins) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = plugins.add_command("list", "Show what can stand behind `type:`, and what was refused and why");
  command.add_option("paths", arguments->paths, "Further libraries, and folders of libraries").type_name("PATH");
  add_verbose_option(command, arguments->verbose);
  command.footer(
      "Plugins are found in lib/sshost/plugins beside the program, in the folders of SSHOST_PLUGIN_PATH (separated by\n"
      "colons), beside the pipeline, and where the pipeline's `plugins:` says.\n"
      "Examples:\n"
      "  sshost plugins list\n"
      "  sshost plugins list build/my_head.so");
  command.runs([arguments] { return list(*arguments); });
}

}  // namespace sshost::cli
