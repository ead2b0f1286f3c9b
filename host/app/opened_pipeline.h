#ifndef SSHOST_APP_OPENED_PIPELINE_H
#define SSHOST_APP_OPENED_PIPELINE_H

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/log.h"
#include "run/session.h"

namespace sshost::app {

// Which pipeline is meant, and how it is to be changed.
struct PipelineRequest {
  std::filesystem::path file;                       // empty: the pipeline that is in the checkpoint
  std::string checkpoint = {};                      // a file, or a run's folder; only read where there is no file
  std::vector<std::string> overrides = {};          // "model.head.type=psp"; later ones win
  std::vector<std::filesystem::path> plugins = {};  // libraries, and folders of them, beside the search path
  std::vector<std::string> trust = {};  // libraries that may be loaded although only the checkpoint asks for them
};

// Loads the plugins and checks the pipeline. Says what was dropped, and warns of plugins that were refused. Throws
// UsageError with every mistake.
// `log` is also what the plugins say their lines to, until the next pipeline is opened.
run::Session open_pipeline(const PipelineRequest& request, const std::shared_ptr<Log>& log);

// Says which libraries were loaded only because they lie beside the pipeline.
void say_libraries_beside(const run::Session& opened, Log& log);

// As run::remember_libraries; where that fails, says so and goes on.
void remember_libraries(const run::Session& opened, Log& log);

// Warns of plugins that are not what a checkpoint was made with: for whoever loads its weights.
void say_changed_libraries(const run::Session& opened, const checkpoint::CheckpointInfo& info, Log& log);

}  // namespace sshost::app

#endif  // SSHOST_APP_OPENED_PIPELINE_H
