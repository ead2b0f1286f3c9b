#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_predict_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<PredictArguments>();
  Command command = app.add_command("predict", "Write the classes of images as masks, overlays and more");
  command.other_words({"infer", "inference", "segment", "demo"});
  command.add_option("inputs", arguments->inputs, "Images, and folders of images").type_name("PATH");
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command.add_option("--pipeline", arguments->file, "YAML file; default: the pipeline in the checkpoint")
      .type_name("FILE");
  command.add_option("--split", arguments->split, "In place of images: this part of the pipeline's data set")
      .type_name("NAME");
  command
      .add_option(
          "--format", arguments->formats,
          "What is written: masks, index, palette, overlay, probabilities, probabilities_float16, coco, or a layout "
          "that a data set offers for its benchmark; default: the pipeline's, palette and overlay")
      .type_name("NAME,...")
      .list();
  command.add_option("--output", arguments->folder, "Where the files go").type_name("FOLDER").show_default();
  command.add_flag("--stream", arguments->stream,
                   "Read and write PNG and TIFF images row by row, also small ones; large ones are wherever it is "
                   "possible");
  command.add_flag(
      "--stop-at-first", arguments->stops_at_first,
      "End at the first image that cannot be predicted; else it is skipped, told of, and the exit code is 1 "
      "in the end (0 with data.on_broken_sample: skip)");
  command.notes("docs/predictions.md tells the files of each format, and what very large images take.\n");
  command.examples({"sshost predict photo.jpg --checkpoint model.safetensors",
                    "sshost predict photos/ --checkpoint model.safetensors --output masks",
                    "sshost predict photos/ --checkpoint model.safetensors --format index,coco",
                    "sshost predict --checkpoint model.safetensors --split test --format cityscapes"});
  command.runs(works.predict, arguments);
}

}  // namespace sshost::cli
