#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_quantize_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<QuantizeArguments>();
  Command command = app.add_command("quantize", "Make a checkpoint that runs in int8: smaller, and faster on a CPU");
  command.other_words({"int8", "compress", "calibrate"});
  command.add_option("checkpoint", arguments->checkpoint, "A checkpoint of this program, or a run's folder")
      .type_name("FILE")
      .required();
  command.add_option("pipeline", arguments->file, "YAML file; default: the pipeline in the checkpoint")
      .type_name("PIPELINE");
  command.add_option("--output", arguments->target, "The checkpoint to write, .safetensors")
      .type_name("FILE")
      .required();
  command
      .add_option("--images", arguments->calibration_images,
                  "Images of data.train.split on which the ranges of activations are measured")
      .range(1, 1 << 16)
      .type_name("N")
      .show_default();
  command
      .add_option("--trial-images", arguments->trial_images,
                  "Images of data.evaluate.split, about, by whose mean IoU the way to find ranges is chosen")
      .range(1, 1 << 16)
      .type_name("N")
      .show_default();
  command
      .add_option("--most-changed", arguments->most_changed,
                  "In percent: a convolution that changes the class of more pixels, alone in int8, stays in float32")
      .type_name("PERCENT")
      .show_default();
  command
      .add_option("--compared-images", arguments->compared_images,
                  "Images of data.evaluate.split, about, by which both checkpoints are compared; default: all")
      .range(1, 1 << 30)
      .type_name("N");
  add_set_option(command, arguments->set);
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "predict, run, serve and the library open what is written as any other checkpoint. docs/quantization.md tells "
      "what "
      "stays in float32.\n");
  command.examples({"sshost quantize model.safetensors --output model-int8.safetensors",
                    "sshost quantize runs/pspnet-001 --output int8.safetensors --images 64"});
  command.runs(works.quantize, arguments);
}

}  // namespace sshost::cli
