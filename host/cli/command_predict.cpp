#include <nlohmann/json.hpp>
#include <string>

#include "app/prediction.h"
#include "base/error.h"
#include "checkpoint/checkpoint.h"
#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

void check(const PredictArguments& arguments) {
  if (arguments.checkpoint.empty()) throw UsageError("expected --checkpoint FILE, the model to predict with");
  if (arguments.inputs.empty() == arguments.split.empty()) {
    throw UsageError("expected either images or --split NAME, found " +
                     std::string(arguments.inputs.empty() ? "neither" : "both"));
  }
}

void say_count(Session& session, const app::PredictionCount& count, const std::string& folder) {
  if (session.is_json()) {
    print_document({{"predicted", count.predicted}, {"skipped", count.skipped}, {"folder", folder}});
  }
  session.log().info(std::to_string(count.predicted) + (count.predicted == 1 ? " prediction" : " predictions") +
                     " in " + folder);
  if (count.skipped > 0) session.log().warning(std::to_string(count.skipped) + " skipped, as said above");
}

}  // namespace

int predict_images(const PredictArguments& arguments) {
  check(arguments);
  ignore_closed_pipes();
  app::FoundInputs found = app::find_inputs(arguments.inputs);
  Session session(arguments.talk);
  const std::filesystem::path checkpoint = run::checkpoint_file(arguments.checkpoint);
  PipelineArguments asked = arguments.pipeline();
  asked.checkpoint = checkpoint.string();
  if (checkpoint != std::filesystem::path(arguments.checkpoint)) {
    session.log().info("checkpoint of step " + std::to_string(checkpoint::read_checkpoint_info(checkpoint).step) +
                       ": " + checkpoint.string());
  }
  run::Session opened = session.open_pipeline(asked);
  set_operator_threads(opened.pipeline);
  app::leave_out_labels(found, arguments.inputs, opened.pipeline);
  for (const std::string& line : found.left_out) session.log().info(line);
  const bool may_skip = opened.pipeline.data.skips_broken_samples();
  const bool of_split = !arguments.split.empty();
  app::Prediction prediction(std::move(opened),
                             {checkpoint, arguments.folder, of_split, arguments.stream, arguments.stops_at_first},
                             session.log(), stop_flag());
  const auto count = of_split ? prediction.predict_split() : prediction.predict(found.inputs);
  if (!count) return exit_code_of_stop();
  say_count(session, *count, arguments.folder.string());
  return count->skipped == 0 || may_skip ? kDone : kFailed;
}

}  // namespace sshost::cli
