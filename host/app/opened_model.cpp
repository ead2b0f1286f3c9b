#include "app/opened_model.h"

#include <string>
#include <utility>

#include "checkpoint/checkpoint.h"
#include "run/initial_weights.h"

namespace sshost::app {
namespace {

std::optional<std::filesystem::path> checkpoint_of(const run::Session& session,
                                                   const std::optional<std::filesystem::path>& given) {
  if (given || !session.pipeline.checkpoint) return given;
  return std::filesystem::path(*session.pipeline.checkpoint);
}

}  // namespace

OpenedModel open_model(run::Session session, const std::optional<std::filesystem::path>& checkpoint, at::Device device,
                       const std::optional<data::DatasetInfo>& dataset) {
  OpenedModel opened{std::move(session), {}, nullptr};
  const auto path = checkpoint_of(opened.session, checkpoint);
  if (path) {
    checkpoint::CheckpointInfo info = checkpoint::read_checkpoint_info(*path);
    opened.step = info.step;
    opened.dataset = std::move(info.dataset);
  }
  if (dataset) opened.dataset = *dataset;
  if (!path && !dataset) opened.dataset = run::dataset_info(opened.session);
  opened.model = run::build_model(opened.session, opened.dataset);
  const checkpoint::Loading loading = run::loading_of(opened.session, opened.dataset.classes);
  if (path) {
    checkpoint::load_model(*path, opened.model->store, loading);
  } else {
    run::load_initial_weights(opened.model->store, *opened.model->segmentor, opened.session.pipeline.model, loading);
  }
  opened.model->store.to(device, opened.model->store.dtype());
  return opened;
}

}  // namespace sshost::app
