#ifndef SSHOST_CLI_SETUP_H
#define SSHOST_CLI_SETUP_H

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "cli/log.h"
#include "config/pipeline.h"
#include "data/loader.h"
#include "model/outputs.h"
#include "output/prediction_writer.h"
#include "plugin/component.h"
#include "run/session.h"

namespace sshost::run {
class Model;
}  // namespace sshost::run

namespace sshost::cli {

// Applies the pipeline's `threads`.
void set_operator_threads(const config::Pipeline& pipeline);

// How one process reads samples. Those that are broken are, where the pipeline skips them, treated as `when_skipping`
// says, logged, and counted in `skipped`, which outlives the loader as the log does.
data::LoaderOptions loader_options(const config::Pipeline& pipeline, int64_t batch_size, data::OnBroken when_skipping,
                                   Log& log, int64_t& skipped);

// Reads the `weights` of the components, and says what became of the files' tensors.
void load_weights(run::Model& model, const config::ModelConfig& config, const checkpoint::Loading& loading, Log& log);

// How the pipeline has predictions written into the folder, those of a model with these outputs for these classes of the
// data set.
output::PredictionOptions prediction_options(const config::Pipeline& pipeline, const std::filesystem::path& folder,
                                             const model::Outputs& outputs, const std::vector<data::Class>& classes);

// Their plugins: name -> version.
std::map<std::string, std::string> plugin_versions(const std::vector<const plugin::Component*>& components);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_SETUP_H
