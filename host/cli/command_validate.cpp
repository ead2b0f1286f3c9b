#include <cstdio>
#include <nlohmann/json.hpp>

#include "bridge/boundary.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/json.h"
#include "config/option_value.h"
#include "config/value_error.h"
#include "run/model.h"
#include "run/sample_sizes.h"

namespace sshost::cli {
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

nlohmann::json to_json(const std::string& name, const std::string& unknown, const ss_options_object* resolved) {
  return {{"pipeline", name},
          {"valid", true},
          {"model_checked", unknown.empty()},
          {"why_not_checked", unknown.empty() ? nlohmann::json() : nlohmann::json(unknown)},
          {"resolved", resolved == nullptr ? nlohmann::json() : config::value_to_json(*resolved)}};
}

}  // namespace

int validate_pipeline(const ValidateArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  run::require_separate_splits(opened);
  const std::string unknown = check_model(opened);
  config::with_places(opened.pipeline, [&] { run::require_one_size(opened); });
  if (session.is_json() || !arguments.print) session.say_libraries_beside(opened);
  const std::string name = arguments.file.empty() ? arguments.checkpoint : arguments.file;
  if (session.is_json()) {
    print_document(to_json(name, unknown, arguments.print ? &opened.pipeline.resolved : nullptr));
    return kDone;
  }
  if (arguments.print) {
    std::fputs(config::to_yaml(opened.pipeline.resolved).c_str(), stdout);
    return kDone;
  }
  if (!opened.fitted.empty()) session.log().info(opened.fitted);
  session.log().info(name + ": the pipeline is valid" +
                     (unknown.empty() ? "" : "; its model is unchecked: " + unknown));
  return kDone;
}

}  // namespace sshost::cli
