#ifndef SSHOST_RUN_INITIAL_WEIGHTS_H
#define SSHOST_RUN_INITIAL_WEIGHTS_H

#include <string>
#include <vector>

#include "checkpoint/weights_import.h"
#include "config/pipeline.h"
#include "model/segmentor.h"
#include "state/state_store.h"

namespace sshost::run {

struct ComponentImport {
  std::string component;  // "model.backbone"
  std::string path;
  checkpoint::ImportReport report;
};

// Every format that the model's components know.
std::vector<checkpoint::NameMap> name_maps(const model::Segmentor& segmentor);

// Reads the `weights` of every component that has some. Throws Error where a file does not hold all that its component
// needs (weights_import.h).
std::vector<ComponentImport> load_initial_weights(state::StateStore& store, const model::Segmentor& segmentor,
                                                  const config::ModelConfig& config);

}  // namespace sshost::run

#endif  // SSHOST_RUN_INITIAL_WEIGHTS_H
