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
  const auto add_headlines = [](nlohmann::json& to, const std::string& prefix, const evaluate::MetricValues& values) {
    for (const evaluate::Metric& metric : evaluate::metrics()) {
      if (metric.is_headline) to[prefix + std::string(metric.name)] = evaluate::value_of(values, metric.name);
    }
  };
  add_headlines(document, "mean_", run.scores->means);
  document["pixel_accuracy"] = run.scores->pixel_accuracy;
  document["classes"] = nlohmann::json::array();
  for (const report::ClassScore& score : run.scores->classes) {
    add_headlines(document["classes"].emplace_back(nlohmann::json{{"name", score.name}}), "", score.values);
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
