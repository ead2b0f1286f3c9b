#include "app/validation.h"

#include <nlohmann/json.hpp>

#include "base/status_error.h"
#include "config/json.h"
#include "config/value_error.h"
#include "run/model.h"
#include "run/sample_sizes.h"

namespace sshost::app {
namespace {

// Builds the model. Why not, where the data set does not know its classes without something that is not there; else
// empty.
std::string check_model(const run::Session& opened) {
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

}  // namespace

Validation validate(const run::Session& opened, const std::string& name) {
  run::require_separate_splits(opened);
  Validation validation{name, check_model(opened)};
  config::with_places(opened.pipeline, [&] { run::require_one_size(opened); });
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
