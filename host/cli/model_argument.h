#ifndef SSHOST_CLI_MODEL_ARGUMENT_H
#define SSHOST_CLI_MODEL_ARGUMENT_H

#include <filesystem>
#include <string>
#include <vector>

#include "app/opened_model.h"
#include "cli/session.h"

namespace sshost::cli {

// A model that a command takes by its path: a checkpoint, a run's folder or a pipeline (.yaml, .yml).
struct ModelArgument {
  std::filesystem::path path;
  std::vector<std::string> overrides;  // of the pipeline
  std::vector<std::string> trust;      // libraries that may be loaded although only the checkpoint asks for them
};

// Opens it on its pipeline's device. Throws what app::open_pipeline and app::open_model do.
app::OpenedModel open_model(const ModelArgument& model, const Session& session);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_MODEL_ARGUMENT_H
