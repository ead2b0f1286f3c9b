#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_validate_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<ValidateArguments>();
  Command command = app.add_command("validate", "Check a pipeline and its plugins without running it");
  command.other_words({"check", "lint", "verify"});
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE");
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command.add_flag("--print", arguments->print, "Print the pipeline with all bases, overrides and defaults");
  command.examples({"sshost validate configs/camvid/fcn_resnet50.yaml",
                    "sshost validate configs/quickstart.yaml --set model.head.type=psp --print"});
  command.runs(works.validate, arguments);
}

}  // namespace sshost::cli
