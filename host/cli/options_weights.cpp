#include <memory>

#include "cli/commands.h"

namespace sshost::cli {
namespace {

void add_inspect(Command weights, const Works& works) {
  const auto arguments = std::make_shared<WeightsInspectArguments>();
  Command command = weights.add_command("inspect", "Show what a file of weights holds, without reading its data");
  command.other_words({"show", "list"});
  command.add_option("file", arguments->file, "A .safetensors or .pth file, told apart by content")
      .type_name("FILE")
      .required();
  command.add_option("--part", arguments->part, "Of several state dicts in a .pth file, the key of the one to show")
      .type_name("KEY");
  command.add_flag("--brief", arguments->brief, "Leave out the list of tensors");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes("Nothing in the file is executed.\n");
  command.examples(
      {"sshost weights inspect resnet50.pth", "sshost weights inspect checkpoint.pth --part model_ema --brief"});
  command.runs(works.weights_inspect, arguments);
}

void add_import(Command weights, const Works& works) {
  const auto arguments = std::make_shared<WeightsImportArguments>();
  Command command = weights.add_command("import", "Turn other people's weights into a checkpoint of this program");
  command.other_words({"convert", "load"});
  command.add_option("file", arguments->weights, "A .safetensors or .pth file, told apart by content")
      .type_name("FILE")
      .required();
  command.add_option("--pipeline", arguments->file, "YAML file of the model that the weights are for")
      .type_name("PIPELINE")
      .required();
  command.add_option("--output", arguments->target, "The checkpoint to write").type_name("FILE").required();
  add_set_option(command, arguments->set);
  command.add_option("--component", arguments->component, "Only this one: backbone, head, memory, auxiliary.0")
      .type_name("NAME");
  command.add_option("--format", arguments->format, "Whose names the file uses; default: those that match best")
      .type_name("FORMAT");
  command.add_option("--part", arguments->part, "Of several state dicts in a .pth file, the key of the one to read")
      .type_name("KEY");
  command.add_option("--prefix", arguments->prefix, "Only names of the file that begin so, without it: student.")
      .type_name("TEXT");
  command
      .add_option("--classes", arguments->classes,
                  "How many the model has; default: as many as the pipeline's data set")
      .range(1, 1 << 16)
      .type_name("N");
  command.add_flag("--adapt-input", arguments->adapt_input,
                   "Fit a first convolution over RGB to the pipeline's data.channels");
  command.add_flag("--skip-classifier", arguments->skip_classifier,
                   "Leave out what the file has for other classes; it keeps its initial values");
  command.add_flag("--all", arguments->all, "List every tensor, however many");
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes(
      "Every tensor of the model has to be in the file with its shape; else nothing is written, and all that is "
      "missing, unused or of another shape is listed.\n");
  command.examples({"sshost weights import psp.pth --pipeline psp.yaml --output psp.safetensors",
                    "sshost weights import r50.pth --component backbone --pipeline p.yaml --output out.safetensors",
                    "sshost weights import ade.pth --skip-classifier --pipeline p.yaml --output out.safetensors"});
  command.runs(works.weights_import, arguments);
}

void add_export(Command weights, const Works& works) {
  const auto arguments = std::make_shared<WeightsExportArguments>();
  Command command = weights.add_command("export", "Write a checkpoint's weights for another program");
  command.other_words({"save"});
  command.add_option("checkpoint", arguments->checkpoint, "A checkpoint of this program, or a run's folder")
      .type_name("FILE")
      .required();
  command.add_option("--output", arguments->target, "The file to write: .safetensors, or .pth or .pt for PyTorch")
      .type_name("FILE")
      .required();
  command.add_option("--format", arguments->format, "Whose names to use; sshost: our own")
      .type_name("FORMAT")
      .show_default();
  add_set_option(command, arguments->set);
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  add_json_option(command, arguments->talk);
  command.notes("torch.load(path, weights_only=True) reads the .pth.\n");
  command.examples({"sshost weights export step-000100.safetensors --output pspnet.pth",
                    "sshost weights export a.safetensors --format mmsegmentation --output a.pth"});
  command.runs(works.weights_export, arguments);
}

}  // namespace

void add_weights_commands(Command app, const Works& works) {
  Command weights = app.add_command("weights", "Look at files of weights, and convert them");
  add_inspect(weights, works);
  add_import(weights, works);
  add_export(weights, works);
}

}  // namespace sshost::cli
