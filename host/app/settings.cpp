#include "app/settings.h"

#include "infer/precision.h"

namespace sshost::app {

data::LoaderOptions loader_options(const config::Pipeline& pipeline, int64_t batch_size, data::OnBroken when_skipping,
                                   Log& log, int64_t& skipped) {
  data::LoaderOptions options;
  options.batch_size = batch_size;
  options.workers = pipeline.data.workers;
  options.seed = pipeline.seed;
  if (pipeline.data.skips_broken_samples()) options.on_broken = when_skipping;
  options.on_skipped = [&log, &skipped](const std::string& message) {
    ++skipped;
    log.warning("skipped: " + message);
  };
  return options;
}

output::PredictionOptions prediction_options(const run::Session& session, const std::filesystem::path& folder,
                                             const model::Outputs& outputs, const std::vector<data::Class>& classes) {
  const config::EvaluateConfig& evaluate = session.pipeline.evaluate;
  output::PredictionOptions options{folder, evaluate.prediction_formats, classes, evaluate.average_probabilities};
  options.submissions = session.submissions;
  if (outputs.are_independent()) options.independent = model::output_classes(outputs, classes);
  return options;
}

void say_precision(const config::Pipeline& pipeline, const state::StateStore& store, Log& log) {
  const std::string warning = infer::choose_precision(pipeline.evaluate, store).warning;
  if (!warning.empty()) log.warning("evaluate.precision: " + warning);
}

void say_chosen_precision(const config::Pipeline& pipeline, const infer::Inference& inference, Log& log) {
  if (pipeline.evaluate.precision != "auto") return;
  log.info("evaluate.precision: auto: computed in " + infer::name_of(inference.precision()));
}

std::map<std::string, std::string> plugin_versions(const std::vector<const plugin::Component*>& components) {
  std::map<std::string, std::string> versions;
  for (const plugin::Component* component : components) versions[component->plugin_name] = component->plugin_version;
  return versions;
}

}  // namespace sshost::app
