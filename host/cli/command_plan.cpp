#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "app/plan.h"
#include "base/printable.h"
#include "base/size_text.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/setup.h"
#include "cli/streams.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

bool asks_for_training(const PlanArguments& arguments) {
  return !arguments.tsv && (arguments.training || arguments.measure || arguments.batch > 0);
}

app::PlannedImage image_of(const config::Pipeline& pipeline, const PlanArguments& arguments) {
  if (arguments.size.empty()) return app::planned_image(pipeline);
  return {{arguments.size[0], arguments.size[1]}, "--size"};
}

void print_tsv(const std::string& name, const app::ModelCost& cost) {
  std::printf("%s\t%lld\t%lld\t%lld\t", printable(name).c_str(), static_cast<long long>(cost.parameters),
              static_cast<long long>(cost.auxiliary), static_cast<long long>(cost.multiply_adds));
  std::printf(cost.seconds ? "%.3f\n" : "\n", cost.seconds.value_or(0));
}

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, values...);
  return text;
}

void print(report::Console& console, const app::ModelCost& cost, const app::PlannedImage& image) {
  console.line("image          " + size_text(image.size.height, image.size.width) + ": " + image.why);
  console.line(
      format("parameters     %.2f M, of which %.2f M in auxiliary heads", cost.parameters / 1e6, cost.auxiliary / 1e6));
  console.line(format("multiply-adds  %.1f G for that image", cost.multiply_adds / 1e9));
  if (cost.seconds) console.line(format("forward        %.3f s for that image", *cost.seconds));
}

void print(report::Console& console, const app::StepMemory& memory, const at::Device& device) {
  std::string images = std::to_string(memory.images);
  if (memory.batches > 1) images = std::to_string(memory.batches) + " x " + images;
  console.line(format("training       %.2f GB expected at the peak of a step of %s such images on %s",
                      memory.estimate.expected(memory.images) / 1e9, images.c_str(), device.str().c_str()));
  if (memory.measured) console.line(format("               %.2f GB measured", *memory.measured / 1e9));
  console.line(format("               (%.2f GB, and %.3f GB an image)", memory.estimate.constant / 1e9,
                      memory.estimate.for_image / 1e9));
}

}  // namespace

int plan_pipeline(const PlanArguments& arguments) {
  Session session(arguments.talk);
  run::Session opened = session.open_pipeline(arguments);
  const bool prints_lines = !arguments.tsv && !session.is_json();
  const std::string name = opened.pipeline.name;
  set_operator_threads(opened.pipeline);
  if (!arguments.tsv) app::say_libraries_beside(opened, session.log());
  const app::PlannedImage image = image_of(opened.pipeline, arguments);
  app::Plan plan(std::move(opened), image, session.log());
  if (!arguments.tsv) plan.require_precision();
  const app::ModelCost cost = plan.cost(arguments.repeat);
  if (arguments.tsv) print_tsv(name, cost);
  if (prints_lines) print(session.console(), cost, image);
  std::optional<app::StepMemory> training;
  if (asks_for_training(arguments)) training = plan.training(arguments.batch, arguments.measure);
  if (training && prints_lines) print(session.console(), *training, plan.device());
  session.console().clear_status();
  if (session.is_json() && !arguments.tsv) print_document(to_json(name, image, cost, training));
  return kDone;
}

}  // namespace sshost::cli
