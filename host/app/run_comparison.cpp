#include "app/run_comparison.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "config/differences.h"
#include "config/parse_yaml.h"
#include "file/regular_file.h"
#include "report/history.h"
#include "run/run_folder.h"

namespace sshost::app {
namespace {

[[noreturn]] void no_pipeline(const run::RunFolder& folder, const std::string& why) {
  throw Error(folder.pipeline().string() + ": this is no resolved pipeline: " + why);
}

// A run writes no link: one that somebody has put there would show what it leads to.
config::Node read_pipeline(const run::RunFolder& folder) try {
  if (std::filesystem::is_symlink(folder.pipeline())) no_pipeline(folder, "it is a link");
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

}  // namespace

report::RunComparison compare_runs(const std::vector<std::string>& folders) {
  report::RunComparison comparison;
  std::vector<config::Node> pipelines;
  for (const std::string& path : folders) {
    const run::RunFolder folder = run::RunFolder::view(path);
    pipelines.push_back(read_pipeline(folder));
    comparison.runs.push_back(read_run(path, folder));
  }
  comparison.pipeline = difference_table(pipelines, folders);
  return comparison;
}

}  // namespace sshost::app
