#include <algorithm>
#include <memory>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weights_export.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "run/initial_weights.h"
#include "run/model.h"

namespace sshost::cli {
namespace {

struct Arguments : PipelineArguments {
  std::string format = "sssegmentation";
  std::string target;
};

checkpoint::NameMap own_names(const state::StateStore& store) {
  checkpoint::NameMap own{std::string(checkpoint::kOwnNames), {}};
  for (const state::StateEntry& entry : store) {
    if (entry.persistent) own.names.emplace(entry.name, model::PublishedName{entry.name});
  }
  return own;
}

checkpoint::NameMap names_of(const std::string& format, const run::Model& model) {
  if (format == checkpoint::kOwnNames) return own_names(model.store);
  std::string known(checkpoint::kOwnNames);
  for (checkpoint::NameMap& names : run::name_maps(*model.segmentor)) {
    if (names.format == format) return std::move(names);
    known += ", " + names.format;
  }
  throw UsageError("--format " + format + ": the model's components do not know it; they know " + known);
}

int export_file(const Arguments& arguments) {
  Session session(arguments.verbose);
  const run::Session opened = session.open_pipeline(arguments);
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(arguments.checkpoint);
  session.say_changed_libraries(opened, info);
  const auto model = run::build_model(opened, static_cast<int64_t>(info.dataset.classes.size()));
  checkpoint::load_model(arguments.checkpoint, model->store);
  const checkpoint::TensorFile file = checkpoint::export_weights(model->store, names_of(arguments.format, *model));
  checkpoint::write_tensor_file(arguments.target, file);
  session.console().line("saved " + std::to_string(file.tensors.size()) + " tensors by " + arguments.format +
                         "'s names: " + arguments.target);
  return kDone;
}

}  // namespace

void add_weights_export_command(Command weights) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = weights.add_command("export", "Write a checkpoint's weights for another program");
  command.add_option("checkpoint", arguments->checkpoint, "A checkpoint of this program").type_name("FILE").required();
  command.add_option("--output", arguments->target, "The file to write: .pth (or .pt) for PyTorch, else safetensors")
      .type_name("FILE")
      .required();
  command.add_option("--format", arguments->format, "Whose names to use; sshost: our own")
      .type_name("FORMAT")
      .show_default();
  add_trust_option(command, arguments->trust);
  add_verbose_option(command, arguments->verbose);
  command.footer(
      "torch.load(path, weights_only=True) reads the .pth.\n"
      "Examples:\n"
      "  sshost weights export step-000100.safetensors --output pspnet.pth\n"
      "  sshost weights export step-000100.safetensors --format mmsegmentation --output pspnet.safetensors");
  command.runs([arguments] { return export_file(*arguments); });
}

}  // namespace sshost::cli
