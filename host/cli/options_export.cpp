#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_export_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<ExportArguments>();
  Command command = app.add_command("export", "Write a model for other programs that run it, as an ONNX graph");
  command.other_words({"onnx", "openvino", "tensorrt"});
  command.add_option("model", arguments->model, "A checkpoint, a run's folder or a pipeline")
      .type_name("MODEL")
      .required();
  command.add_option("--output", arguments->target, "The file to write, as model.onnx").type_name("FILE").required();
  command.add_option("--format", arguments->format, "onnx").type_name("FORMAT").show_default();
  command
      .add_option("--output-kind", arguments->kind,
                  "What it gives for each pixel: logits, probabilities, or classes (their numbers)")
      .type_name("NAME")
      .show_default();
  command
      .add_option("--normalise", arguments->normalise,
                  "Normalise inside, and take pixels as they are stored: uint8, or float32 of the same values; "
                  "default: the graph takes normalised images")
      .type_name("TYPE");
  command
      .add_option("--size", arguments->size,
                  "Height and width of all images; default: any, where the model allows it, else those of the "
                  "pipeline's crops")
      .expected(2)
      .range(1, 1 << 14)
      .type_name("HEIGHT WIDTH");
  add_set_option(command, arguments->set);
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes("No Python is needed. docs/onnx.md tells which operators can be written, and how a graph is run.\n");
  command.examples({"sshost export model.safetensors --output model.onnx",
                    "sshost export runs/street-001 --normalise uint8 --output-kind classes --output street.onnx",
                    "sshost export model.safetensors --size 512 1024 --output model.onnx"});
  command.runs(works.export_model, arguments);
}

}  // namespace sshost::cli
