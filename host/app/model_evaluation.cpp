#include "app/model_evaluation.h"

#include <nlohmann/json.hpp>

#include "app/score_lines.h"
#include "app/split_pass.h"
#include "checkpoint/class_order.h"
#include "config/value_error.h"
#include "run/sample_sizes.h"

namespace sshost::app {

std::optional<nlohmann::json> evaluate_model(const OpenedModel& opened, const std::string& split,
                                             state::Prepared& prepared, Log& log, const std::atomic<bool>& stop) {
  const config::Pipeline& pipeline = opened.session.pipeline;
  const auto dataset = run::open_dataset(opened.session, split);
  checkpoint::class_order(opened.dataset.classes, {dataset->info().classes}, "the model");
  config::with_places(pipeline, [&] { run::require_one_evaluated_size(opened.session, *dataset); });
  SplitPass pass{pipeline, *opened.session.registry, *dataset, *opened.model->segmentor, opened.model->store};
  pass.prepared = &prepared;
  const SplitOutcome outcome = evaluate_split(pass, log, stop);
  if (!outcome.finished) return std::nullopt;
  const auto outputs = model::output_classes(opened.model->segmentor->outputs(), dataset->info().classes);
  say_scores(*outcome.evaluation, pipeline, outputs, true, log);
  return evaluate::to_json(*outcome.evaluation, outputs, opened.step);
}

}  // namespace sshost::app
