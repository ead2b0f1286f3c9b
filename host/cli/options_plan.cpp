#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_plan_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<PlanArguments>();
  Command command = app.add_command("plan", "Say what a pipeline's model holds, and what it does for an image");
  command.other_words({"flops", "params", "profile", "benchmark", "summary"});
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE").required();
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command
      .add_option("--size", arguments->size,
                  "Height and width of the image; default: those of the pipeline's crops, else 512 512")
      .expected(2)
      .range(32, 1 << 14)
      .type_name("HEIGHT WIDTH");
  command.add_option("--repeat", arguments->repeat, "Time the forward this often, and give the median")
      .range(0, 1000)
      .type_name("N");
  command.add_flag("--training", arguments->training,
                   "Also work out the memory of a training step, from steps of two and of three images");
  command
      .add_option("--batch", arguments->batch, "As --training, for a batch of so many images; default: the pipeline's")
      .range(1, 1 << 16)
      .type_name("N");
  command.add_flag("--measure", arguments->measure,
                   "As --training, and run training steps of that batch too and say what memory they took");
  command.add_flag("--tsv", arguments->tsv,
                   "Print one line and leave out the training: name, parameters, those of auxiliary heads, "
                   "multiply-adds, seconds");
  command.notes("No data and no weights are needed.\n");
  command.examples({"sshost plan configs/fcn/fcn_resnet50os8_voc.yaml",
                    "sshost plan configs/quickstart.yaml --set model.head.type=psp --repeat 5",
                    "sshost plan configs/camvid/fcn_resnet50.yaml --batch 8 --measure"});
  command.runs(works.plan, arguments);
}

}  // namespace sshost::cli
