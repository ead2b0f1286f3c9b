#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weights_import.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "config/option_value.h"
#include "run/initial_weights.h"
#include "run/model.h"
#include "run/model_classes.h"

namespace sshost::cli {
namespace {

struct Arguments : PipelineArguments {
  std::string weights;
  std::string component;
  std::string format;
  std::string part;
  std::string target;
  std::optional<int64_t> classes;
  bool skip_classifier = false;
  bool all = false;
};

checkpoint::ImportRequest request_for(const Arguments& arguments, const model::Segmentor& segmentor) {
  checkpoint::ImportRequest request;
  request.what = arguments.weights;
  if (!arguments.component.empty()) request.prefix = arguments.component + ".";
  request.format = arguments.format;
  request.formats = run::name_maps(segmentor);
  request.classes = segmentor.classes();
  request.skip_classifier = arguments.skip_classifier;
  return request;
}

int import_file(const Arguments& arguments) {
  Session session(arguments.verbose);
  const checkpoint::TensorFile file = checkpoint::read_tensor_file(arguments.weights, arguments.part);
  const run::Session opened = session.open_pipeline(arguments);
  const data::DatasetInfo info = run::model_classes(opened, arguments.classes);
  const auto model = run::build_model(opened, static_cast<int64_t>(info.classes.size()));
  const auto report = checkpoint::import_weights(model->store, file, request_for(arguments, *model->segmentor));
  session.console().line(report.text(arguments.all));
  checkpoint::save_model(arguments.target, model->store,
                         {config::to_yaml(opened.pipeline.resolved), info,
                          plugin_versions(run::used_components(opened)), 0, run::library_hashes(opened)});
  session.remember_libraries(opened);
  session.console().line("saved " + arguments.target);
  return kDone;
}

}  // namespace

void add_weights_import_command(Command weights) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = weights.add_command("import", "Turn other people's weights into a checkpoint of this program");
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
  command
      .add_option("--classes", arguments->classes,
                  "How many the model has; default: as many as the pipeline's data set")
      .range(1, 1 << 16)
      .type_name("N");
  command.add_flag("--skip-classifier", arguments->skip_classifier,
                   "Leave out what the file has for another number of classes; it keeps its initial values");
  command.add_flag("--all", arguments->all, "List every tensor, however many");
  add_verbose_option(command, arguments->verbose);
  command.footer(
      "Every tensor of the model has to be in the file with its shape; else nothing is written, and all that is\n"
      "missing, unused or of another shape is listed.\n"
      "Examples:\n"
      "  sshost weights import pspnet.pth --pipeline pspnet.yaml --output pspnet.safetensors\n"
      "  sshost weights import resnet50.pth --pipeline p.yaml --component backbone --format torchvision --output "
      "p.safetensors\n"
      "  sshost weights import ade20k.pth --pipeline my_classes.yaml --skip-classifier --output start.safetensors");
  command.runs([arguments] { return import_file(*arguments); });
}

}  // namespace sshost::cli
