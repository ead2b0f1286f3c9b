#include <cstdio>
#include <memory>

#include "bridge/boundary.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "run/model.h"
#include "run/sample_sizes.h"

namespace sshost::cli {
namespace {

struct Arguments : PipelineArguments {
  bool print = false;
};

// Builds the model. Why not, where the data set does not know its classes without something that is not there; else
// empty.
std::string check_model(const run::Session& opened) {
  data::DatasetInfo info;
  try {
    info = run::dataset_info(opened);
  } catch (const StatusError& error) {
    if (error.status() != SS_IO && error.status() != SS_NOT_FOUND) throw;
    return error.what();
  }
  run::check_model(opened, static_cast<int64_t>(info.classes.size()));
  return "";
}

int validate(const Arguments& arguments) {
  Session session(arguments.verbose);
  const run::Session opened = session.open_pipeline(arguments);
  const std::string unknown = check_model(opened);
  config::with_places(opened.pipeline, [&] { run::require_one_size(opened); });
  if (arguments.print) {
    std::fputs(config::to_yaml(opened.pipeline.resolved).c_str(), stdout);
    return kDone;
  }
  session.say_libraries_beside(opened);
  if (!opened.fitted.empty()) session.console().line(opened.fitted);
  const std::string name = arguments.file.empty() ? arguments.checkpoint : arguments.file;
  session.console().line(name + ": the pipeline is valid" +
                         (unknown.empty() ? "" : "; its model is unchecked: " + unknown));
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
