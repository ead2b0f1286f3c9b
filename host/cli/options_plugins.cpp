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
  command.notes("--verbose adds what each library says of itself: kinds, version of the contract, compiler, needs.\n");
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

void add_why(Command plugins, const Works& works) {
  const auto arguments = std::make_shared<PluginsWhyArguments>();
  Command command = plugins.add_command("why", "Show where a type is looked for, what offers it, and what was refused");
  command.add_option("type", arguments->type, "What stands behind `type:`").type_name("TYPE").required();
  command.add_option("paths", arguments->paths, "Further libraries, and folders of libraries").type_name("PATH");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.examples({"sshost plugins why aspp", "sshost plugins why my_head build/"});
  command.runs(works.plugins_why, arguments);
}

void add_new(Command plugins, const Works& works) {
  const auto arguments = std::make_shared<PluginsNewArguments>();
  Command command = plugins.add_command("new", "Write a folder that a plugin of one's own begins with");
  command.add_option("kind", arguments->kind, "backbone, head, memory, dataset, transform or loss")
      .type_name("KIND")
      .required();
  command.add_option("name", arguments->name, "Of the folder, the library and the type").type_name("NAME").required();
  command.add_option("--language", arguments->language, "c++ or, for a head, c").type_name("LANGUAGE");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "`make` in it builds the plugin, `make test` checks it, `make run` trains with it on generated images.\n");
  command.examples({"sshost plugins new head my_head", "sshost plugins new head my_head --language c"});
  command.runs(works.plugins_new, arguments);
}

void add_check(Command plugins, const Works& works) {
  const auto arguments = std::make_shared<PluginsCheckArguments>();
  Command command =
      plugins.add_command("check", "Test whether a plugin keeps the contract, each test in a process of its own");
  command.add_option("library", arguments->library, "The plugin").type_name("LIBRARY").required();
  command.add_option("--options", arguments->options, "Options of its components, in YAML: '{root: pets}'")
      .type_name("YAML");
  command.add_option("--test", arguments->tests, "Only these tests").type_name("NAME");
  command.add_option("--seconds", arguments->seconds, "The time that one test may take").type_name("N");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "Exit code 1 where a test fails: what was seen is printed with the sentence of the contract that it breaks.\n");
  command.examples(
      {"sshost plugins check build/my_head.so", "sshost plugins check pets.so --options '{root: pets}' --json"});
  command.runs(works.plugins_check, arguments);
}

}  // namespace

void add_plugins_commands(Command app, const Works& works) {
  Command plugins = app.add_command("plugins", "Look at the plugins that are there");
  add_list(plugins, works);
  add_describe(plugins, works);
  add_why(plugins, works);
  add_new(plugins, works);
  add_check(plugins, works);
}

}  // namespace sshost::cli
