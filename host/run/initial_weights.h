#ifndef SSHOST_RUN_INITIAL_WEIGHTS_H
#define SSHOST_RUN_INITIAL_WEIGHTS_H

#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "checkpoint/weights_import.h"
#include "config/pipeline.h"
#include "data/dataset_info.h"
#include "model/segmentor.h"
#include "run/session.h"
#include "state/state_store.h"

namespace sshost::run {

struct ComponentImport {
  std::string component;  // "model.backbone"
  std::string path;
  checkpoint::ImportReport report;
};

// Every format that the model's components know.
std::vector<checkpoint::NameMap> name_maps(const model::Segmentor& segmentor);

// What the pipeline's `weights` accepts of files for its model, which has these classes. The session outlives it.
checkpoint::Loading loading_of(const Session& session, const std::vector<data::Class>& classes);

// Reads the `weights` of every component that has some. Throws Error where a file does not hold all that its component
// needs (weights_import.h), or what `loading` accepts.
std::vector<ComponentImport> load_initial_weights(state::StateStore& store, const model::Segmentor& segmentor,
                                                  const config::ModelConfig& config,
                                                  const checkpoint::Loading& loading = {});

}  // namespace sshost::run

#endif  // SSHOST_RUN_INITIAL_WEIGHTS_H
