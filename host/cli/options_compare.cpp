#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_compare_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<CompareArguments>();
  Command command =
      app.add_command("compare", "Show where runs differ: pipelines, scores, time, and curves laid over each other");
  command.other_words({"diff"});
  command.add_option("runs", arguments->runs, "Folders of runs; the others are measured against the first")
      .type_name("FOLDER")
      .required()
      .at_least(2);
  command.add_option("--output", arguments->output, "The HTML file with tables and curves")
      .type_name("FILE")
      .show_default();
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes("Only keys that differ are shown; IoU differences are in points. A run may still be going on.\n");
  command.examples({"sshost compare runs/fcn runs/psp", "sshost compare runs/camvid-00* --output camvid.html"});
  command.runs(works.compare, arguments);
}

}  // namespace sshost::cli
