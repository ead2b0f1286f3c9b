#include <cstdio>
#include <memory>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "config/option_value.h"

namespace sshost::cli {
namespace {

struct Arguments : PipelineArguments {
  bool print = false;
};

int validate(const Arguments& arguments) {
  Session session(arguments.verbose);
  const config::Pipeline pipeline = session.open_pipeline(arguments).pipeline;
  if (arguments.print) {
    std::fputs(config::to_yaml(pipeline.resolved).c_str(), stdout);
  } else {
    session.console().line((arguments.file.empty() ? arguments.checkpoint : arguments.file) +
                           ": the pipeline is valid");
  }
  return kDone;
}

}  // namespace

void add_validate_command(Command app) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = app.add_command("validate", "Check a pipeline and its plugins without running it");
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE");
  add_pipeline_options(command, *arguments);
  command.add_flag("--print", arguments->print, "Print the pipeline with all bases, overrides and defaults");
  command.footer(
      "Examples:\n"
      "  sshost validate configs/camvid/fcn_resnet50.yaml\n"
      "  sshost validate configs/quickstart.yaml --set model.head.type=psp --print");
  command.runs([arguments] { return validate(*arguments); });
}

}  // namespace sshost::cli
