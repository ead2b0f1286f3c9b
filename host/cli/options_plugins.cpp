#include <memory>

#include "cli/commands.h"

namespace sshost::cli {
namespace {

void add_list(Command plugins, const Works& works) {
  const auto arguments = std::make_shared<PluginsListArguments>();
  Command command = plugins.add_command("list", "Show what can stand behind `type:`, and what was refused and why");
  command.other_words({"ls"});
  command.add_option("paths", arguments->paths, "Further libraries, and folders of libraries").type_name("PATH");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "Plugins are found in lib/sshost/plugins beside the program, in the folders of SSHOST_PLUGIN_PATH (separated by "
      "colons), beside the pipeline, and where the pipeline's `plugins:` says.\n");
  command.examples({"sshost plugins list", "sshost plugins list build/my_head.so"});
  command.runs(works.plugins_list, arguments);
}

void add_describe(Command plugins, const Works& works) {
  const auto arguments = std::make_shared<PluginsDescribeArguments>();
  Command command = plugins.add_command("describe", "Show the options of a type");
  command.other_words({"show", "info"});
  command.add_option("type", arguments->type, "What stands behind `type:`, a library, or `pipeline` for all other keys")
      .type_name("TYPE")
      .required();
  command.add_option("paths", arguments->paths, "Further libraries, and folders of libraries").type_name("PATH");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.examples({"sshost plugins describe aspp", "sshost plugins describe random_crop",
                    "sshost plugins describe ./my_head.so", "sshost plugins describe pipeline"});
  command.runs(works.plugins_describe, arguments);
}

}  // namespace

void add_plugins_commands(Command app, const Works& works) {
  Command plugins = app.add_command("plugins", "Look at the plugins that are there");
  add_list(plugins, works);
  add_describe(plugins, works);
}

}  // namespace sshost::cli
