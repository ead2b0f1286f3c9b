#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weights_export.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "run/initial_weights.h"
#include "run/model.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

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

}  // namespace

int export_weights_file(const WeightsExportArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const std::filesystem::path checkpoint = run::checkpoint_file(arguments.checkpoint);
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(checkpoint);
  app::say_changed_libraries(opened, info, session.log());
  const auto model = run::build_model(opened, info.dataset);
  checkpoint::load_model(checkpoint, model->store, run::loading_of(opened, info.dataset.classes));
  const checkpoint::TensorFile file = checkpoint::export_weights(model->store, names_of(arguments.format, *model));
  checkpoint::write_tensor_file(arguments.target, file);
  if (session.is_json()) {
    print_document({{"saved", arguments.target}, {"format", arguments.format}, {"tensors", file.tensors.size()}});
  }
  session.log().info("saved " + std::to_string(file.tensors.size()) + " tensors by " + arguments.format +
                     "'s names: " + arguments.target);
  return kDone;
}

}  // namespace sshost::cli
