#include "app/validation.h"

#include <nlohmann/json.hpp>

#include "base/status_error.h"
#include "checkpoint/checkpoint.h"
#include "config/json.h"
#include "config/value_error.h"
#include "run/model.h"
#include "run/run_folder.h"
#include "run/split_check.h"

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
  run::check_model(opened, info);
  return "";
}

// A checkpoint knows its classes; the data set that its pipeline names is where its sender wants it.
Validation validate_checkpoint(const run::Session& opened, const std::string& name) {
  run::check_model(opened, checkpoint::read_checkpoint_info(run::checkpoint_file(name)).dataset);
  return {name, ""};
}

}  // namespace

Validation validate(const run::Session& opened, const std::string& name) {
  run::require_separate_splits(opened);
  if (opened.most_model_bytes) return validate_checkpoint(opened, name);
  Validation validation{name, check_with_dataset(opened)};
  config::with_places(opened.pipeline, [&] { run::require_fitting_splits(opened); });
  return validation;
}

nlohmann::json to_json(const Validation& validation, const ss_options_object* resolved) {
  const std::string& why = validation.why_not_checked;
  return {{"pipeline", validation.pipeline},
          {"valid", true},
          {"model_checked", why.empty()},
          {"why_not_checked", why.empty() ? nlohmann::json() : nlohmann::json(why)},
          {"resolved", resolved == nullptr ? nlohmann::json() : config::value_to_json(*resolved)}};
}

}  // namespace sshost::app
