#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/run_comparison.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "report/page.h"
#include "report/run_comparison.h"

namespace sshost::cli {
namespace {

void print(report::Console& console, const report::Table& table, const std::string& if_empty) {
  if (table.rows.empty()) {
    console.line(if_empty);
  } else {
    for (const std::string& line : to_lines(table)) console.line(line);
  }
  console.line("");
}

nlohmann::json to_json(const report::ComparedRun& run) {
  nlohmann::json document = {{"name", run.name}};
  if (run.history) {
    const auto& losses = run.history->losses;
    document["steps"] = run.history->steps;
    document["loss"] =
        losses.empty() || losses[0].points.empty() ? nlohmann::json() : nlohmann::json(losses[0].points.back().value);
    document["step_seconds"] = run.history->step_seconds;
    document["images_per_second"] = run.history->images_per_second;
  }
  if (!run.scores) return document;
  document["mean_iou"] = run.scores->mean_iou;
  document["mean_accuracy"] = run.scores->mean_accuracy;
  document["pixel_accuracy"] = run.scores->pixel_accuracy;
  document["classes"] = nlohmann::json::array();
  for (const report::ClassScore& score : run.scores->classes) {
    document["classes"].push_back({{"name", score.name}, {"iou", score.iou}, {"accuracy", score.accuracy}});
  }
  return document;
}

nlohmann::json to_json(const report::RunComparison& comparison) {
  nlohmann::json runs = nlohmann::json::array(), keys = nlohmann::json::array();
  for (const report::ComparedRun& run : comparison.runs) runs.push_back(to_json(run));
  for (const std::vector<std::string>& row : comparison.pipeline.rows) {
    keys.push_back({{"key", row.front()}, {"values", std::vector<std::string>(row.begin() + 1, row.end())}});
  }
  return {{"runs", runs}, {"pipeline", keys}};
}

}  // namespace

int compare_runs(const CompareArguments& arguments) {
  Session session(arguments.talk);
  const report::RunComparison comparison = app::compare_runs(arguments.runs);
  report::write_page(arguments.output, to_html(comparison));
  if (session.is_json()) {
    nlohmann::json document = to_json(comparison);
    document["page"] = arguments.output.string();
    print_document(document);
    return kDone;
  }
  print(session.console(), comparison.pipeline, "the pipelines are the same");
  print(session.console(), metrics_table(comparison), "no run has been trained or evaluated");
  print(session.console(), classes_table(comparison), "no run has been evaluated");
  session.log().info("curves: " + arguments.output.string());
  return kDone;
}

}  // namespace sshost::cli
