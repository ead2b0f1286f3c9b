#include "app/validation.h"

#include <nlohmann/json.hpp>

#include "app/resume.h"
#include "base/status_error.h"
#include "checkpoint/checkpoint.h"
#include "config/json.h"
#include "config/value_error.h"
#include "measure/one_image.h"
#include "run/examination.h"
#include "run/model.h"
#include "run/run_folder.h"
#include "run/split_check.h"
#include "run/split_comparison.h"
#include "run/transform_check.h"
#include "run/transform_doubts.h"

namespace sshost::app {
namespace {

// Builds the model. Why not, where the data set does not know its classes without something that is not there; else
// empty.
std::string check_with_dataset(const run::Session& opened) {
  data::DatasetInfo info;
  try {
    info = run::dataset_info(opened);
  } catch (const StatusError& error) {
    if (error.status() != SS_IO && error.status() != SS_NOT_FOUND) throw;
    return error.what();
  }
  run::check_transforms(opened, info);
  run::check_model(opened, info);
  return "";
}

// A checkpoint knows its classes; the data set that its pipeline names is where its sender wants it.
Validation validate_checkpoint(const run::Session& opened, const std::string& name) {
  run::check_model(opened, checkpoint::read_checkpoint_info(run::checkpoint_file(name)).dataset);
  return {name, ""};
}

// A batch norm behind a global pooling needs two.
void require_more_than_one_image(const run::Session& opened) {
  const config::TrainConfig& train = opened.pipeline.train;
  if (train.batch_size != 1 || !does(opened.pipeline, "train")) return;
  const auto model = run::build_model(opened, run::dataset_info(opened));
  const auto reason = measure::reason_against_one_image(*model, train);
  if (reason) throw config::ValueError("train.batch_size", "expected at least 2, found 1: " + *reason);
}

bool is_used(const config::Pipeline& pipeline, const std::string& split) {
  return split == pipeline.data.evaluate.split || does(pipeline, "train");
}

// What the doctor finds in a few samples of each split.
std::vector<std::string> look_at_samples(const run::Session& opened) {
  constexpr int64_t kLookedAt = 8;
  const run::QuietPlugins quiet;
  run::SplitComparison splits_seen;
  std::vector<std::string> warnings;
  for (const std::string& split : run::splits_to_examine(opened)) {
    if (!is_used(opened.pipeline, split)) continue;
    run::Examination found = run::examine(opened, split, kLookedAt);
    splits_seen.look_at(split, found, false);
    for (const data::Finding& finding : found.findings) {
      if (finding.is_note) continue;
      const bool is_whole = found.seen.read == found.seen.samples;
      const std::string of =
          is_whole ? "" : " (" + std::to_string(kLookedAt) + " of " + std::to_string(found.seen.samples) + " samples)";
      const bool is_unread = finding.illness == data::Illness::kUnopened && !finding.places.empty();
      warnings.push_back("split " + split + (is_unread ? "" : of) + ": " + finding.what +
                         (is_unread ? ": " + finding.places.front() : ""));
    }
  }
  return warnings;
}

}  // namespace

Validation validate(const run::Session& opened, const std::string& name) {
  run::require_separate_splits(opened);
  if (opened.most_model_bytes) return validate_checkpoint(opened, name);
  Validation validation{name, check_with_dataset(opened)};
  config::with_places(opened.pipeline, [&] {
    run::require_fitting_splits(opened);
    if (validation.why_not_checked.empty()) require_more_than_one_image(opened);
    validation.warnings = run::transform_doubts(opened.pipeline);
    for (std::string& warning : look_at_samples(opened)) validation.warnings.push_back(std::move(warning));
  });
  return validation;
}

nlohmann::json to_json(const Validation& validation, const ss_options_object* resolved) {
  const std::string& why = validation.why_not_checked;
  return {{"pipeline", validation.pipeline},
          {"valid", true},
          {"model_checked", why.empty()},
          {"why_not_checked", why.empty() ? nlohmann::json() : nlohmann::json(why)},
          {"warnings", validation.warnings},
          {"resolved", resolved == nullptr ? nlohmann::json() : config::value_to_json(*resolved)}};
}

}  // namespace sshost::app
