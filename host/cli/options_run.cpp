#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_run_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<RunArguments>();
  Command command = app.add_command("run", "Train and evaluate what a pipeline says, and write a report");
  command.other_words({"train", "evaluate", "eval", "test", "fit", "resume", "start"});
  command.add_option("pipeline", arguments->file, "YAML file; without it the one in the checkpoint")
      .type_name("PIPELINE");
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command
      .add_option("--output", arguments->output,
                  "The run's folder; default: the pipeline's, or runs/<name>-001 and so on")
      .type_name("FOLDER");
  command.notes(
      "The folder holds the resolved pipeline, log.txt, metrics.jsonl, image_scores.csv, checkpoints/ and "
      "report.html.\n"
      "Ctrl-C finishes the step, saves, writes the report and exits with 130; a second one ends at once.\n"
      "Several processes train together where torchrun or srun starts them (docs/distributed.md).\n");
  command.examples({"sshost run configs/quickstart.yaml",
                    "sshost run pipeline.yaml --set model.head.type=psp --set train.steps=50",
                    "sshost run pipeline.yaml --output runs/psp --set train.resume=true",
                    "torchrun --nproc-per-node 4 --no-python sshost run pipeline.yaml",
                    "sshost run --checkpoint step-000050.safetensors --set run=[evaluate]"});
  command.runs(works.run, arguments);
}

}  // namespace sshost::cli
