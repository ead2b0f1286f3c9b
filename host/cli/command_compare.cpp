#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "config/differences.h"
#include "config/parse_yaml.h"
#include "file/regular_file.h"
#include "report/history.h"
#include "report/page.h"
#include "report/run_comparison.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void no_pipeline(const run::RunFolder& folder, const std::string& why) {
  throw Error(folder.pipeline().string() + ": this is no resolved pipeline: " + why);
}

// A run writes no link: one that somebody has put there would show what it leads to.
config::Node read_pipeline(const run::RunFolder& folder) try {
  if (fs::is_symlink(folder.pipeline())) no_pipeline(folder, "it is a link");
  config::Problems problems;
  const std::string text = file::read_file(folder.pipeline(), config::kLongestYaml);
  config::Node node = config::parse_yaml(text, folder.pipeline().string(), "", problems);
  if (!node.is_map()) no_pipeline(folder, "it is no map");
  return node;
} catch (const config::SyntaxError& error) {
  no_pipeline(folder, error.what());
}

report::ComparedRun read_run(const std::string& name, const run::RunFolder& folder) try {
  const std::vector<nlohmann::json> metrics = folder.read_metrics();
  return {name, report::read_history(metrics), report::read_scores(metrics, {})};
} catch (const Error& error) {
  throw Error(folder.metrics().string() + ": " + error.what());
}

report::Table difference_table(const std::vector<config::Node>& pipelines, const std::vector<std::string>& names) {
  report::Table table{{"pipeline"}, {}};
  table.header.insert(table.header.end(), names.begin(), names.end());
  for (const config::KeyDifference& difference : config::differences(pipelines)) {
    std::vector<std::string>& row = table.rows.emplace_back(1, difference.key);
    for (const auto& value : difference.values) row.push_back(value.value_or("–"));
  }
  return table;
}

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
  report::RunComparison comparison;
  std::vector<config::Node> pipelines;
  for (const std::string& run : arguments.runs) {
    const run::RunFolder folder = run::RunFolder::view(run);
    pipelines.push_back(read_pipeline(folder));
    comparison.runs.push_back(read_run(run, folder));
  }
  comparison.pipeline = difference_table(pipelines, arguments.runs);
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
