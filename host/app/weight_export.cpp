#include "app/weight_export.h"

#include <utility>

#include "app/opened_pipeline.h"
#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/weight_ending.h"
#include "checkpoint/weights_export.h"
#include "run/initial_weights.h"
#include "run/model.h"

namespace sshost::app {
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

size_t export_weights(const run::Session& opened, const std::filesystem::path& checkpoint, const std::string& format,
                      const std::filesystem::path& target, Log& log) {
  checkpoint::format_for(target);  // before any work
  const checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(checkpoint);
  say_changed_libraries(opened, info, log);
  const auto model = run::build_model(opened, info.dataset);
  checkpoint::load_model(checkpoint, model->store, run::loading_of(opened, info.dataset.classes));
  const checkpoint::TensorFile file = checkpoint::export_weights(model->store, names_of(format, *model));
  checkpoint::write_tensor_file(target, file);
  return file.tensors.size();
}

}  // namespace sshost::app
