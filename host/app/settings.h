// What a pipeline says, as the parts of a job take it.
#ifndef SSHOST_APP_SETTINGS_H
#define SSHOST_APP_SETTINGS_H

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "app/log.h"
#include "config/pipeline.h"
#include "data/loader.h"
#include "infer/inference.h"
#include "model/outputs.h"
#include "output/prediction_writer.h"
#include "plugin/component.h"
#include "run/session.h"
#include "state/state_store.h"

namespace sshost::app {

// How one process reads samples. Those that are broken are, where the pipeline skips them, treated as `when_skipping`
// says, logged, and counted in `skipped`, which outlives the loader as the log does.
data::LoaderOptions loader_options(const config::Pipeline& pipeline, int64_t batch_size, data::OnBroken when_skipping,
                                   Log& log, int64_t& skipped);

// How the session's pipeline has predictions written into the folder, those of a model with these outputs for these classes of
// the data set.
output::PredictionOptions prediction_options(const run::Session& session, const std::filesystem::path& folder,
                                             const model::Outputs& outputs, const std::vector<data::Class>& classes);

// Warns where the machine has no unit for the precision that the model is evaluated in.
void say_precision(const config::Pipeline& pipeline, const state::StateStore& store, Log& log);

// Says what `auto` came to, once something was computed.
void say_chosen_precision(const config::Pipeline& pipeline, const infer::Inference& inference, Log& log);

// Their plugins: name -> version.
std::map<std::string, std::string> plugin_versions(const std::vector<const plugin::Component*>& components);

}  // namespace sshost::app

#endif  // SSHOST_APP_SETTINGS_H
