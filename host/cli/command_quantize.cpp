#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "app/quantization.h"
#include "cli/arguments.h"
#include "cli/interrupt.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

void say(Session& session, const app::QuantizationReport& report, const std::string& target) {
  app::Log& log = session.log();
  for (const auto& [name, why] : report.float32) log.info("stays in float32: " + name + ": " + why);
  log.info(std::to_string(report.int8) + " convolutions in int8, ranges by " + report.ranges);
  log.info(format("mean IoU of %lld images: %.2f %% in float32, %.2f %% in int8", static_cast<long long>(report.images),
                  100 * report.float32_iou, 100 * report.int8_iou));
  log.info("saved " + target +
           format(": %.1f MB, of %.1f MB", static_cast<double>(report.int8_bytes) / 1e6,
                  static_cast<double>(report.float32_bytes) / 1e6));
}

}  // namespace

int quantize_model(const QuantizeArguments& arguments) {
  Session session(arguments.talk);
  const std::filesystem::path checkpoint = run::checkpoint_file(arguments.checkpoint);
  QuantizeArguments asked = arguments;
  asked.checkpoint = checkpoint.string();
  run::Session opened = session.open_pipeline(asked);
  set_operator_threads(opened.pipeline);
  const auto report = app::quantize(std::move(opened),
                                    {checkpoint, arguments.target, arguments.calibration_images, arguments.trial_images,
                                     arguments.most_changed / 100, arguments.compared_images},
                                    session.log(), stop_flag());
  session.console().clear_status();
  if (!report) return exit_code_of_stop();
  if (session.is_json()) {
    nlohmann::json document = to_json(*report);
    document["saved"] = arguments.target;
    print_document(document);
  }
  say(session, *report, arguments.target);
  return kDone;
}

}  // namespace sshost::cli
