#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "config/differences.h"
#include "config/parse_yaml.h"
#include "report/history.h"
#include "report/page.h"
#include "report/run_comparison.h"
#include "run/run_folder.h"

namespace sshost::cli {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::vector<std::string> runs;
  fs::path output = "comparison.html";
};

config::Node read_pipeline(const run::RunFolder& folder) try {
  std::ifstream file(folder.pipeline());
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  config::Problems problems;
  return config::parse_yaml(text, folder.pipeline().string(), "", problems);
} catch (const config::SyntaxError& error) {
  throw Error(folder.pipeline().string() + ": this is no resolved pipeline: " + error.what());
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

int compare(const Arguments& arguments) {
  Session session(false);
  report::RunComparison comparison;
  std::vector<config::Node> pipelines;
  for (const std::string& run : arguments.runs) {
    const run::RunFolder folder = run::RunFolder::view(run);
    const std::vector<nlohmann::json> metrics = folder.read_metrics();
    pipelines.push_back(read_pipeline(folder));
    comparison.runs.push_back({run, report::read_history(metrics), report::read_scores(metrics, {})});
  }
  comparison.pipeline = difference_table(pipelines, arguments.runs);
  print(session.console(), comparison.pipeline, "the pipelines are the same");
  print(session.console(), metrics_table(comparison), "no run has been trained or evaluated");
  print(session.console(), classes_table(comparison), "no run has been evaluated");
  report::write_page(arguments.output, to_html(comparison));
  session.console().line("curves: " + arguments.output.string());
  return kDone;
}

}  // namespace

void add_compare_command(Command app) {
  const auto arguments = std::make_shared<Arguments>();
  Command command =
      app.add_command("compare", "Show where runs differ: pipelines, scores, time, and curves laid over each other");
  command.add_option("runs", arguments->runs, "Folders of runs; the others are measured against the first")
      .type_name("FOLDER")
      .required()
      .at_least(2);
  command.add_option("--output", arguments->output, "The HTML file with tables and curves")
      .type_name("FILE")
      .show_default();
  command.footer(
      "Only keys that differ are shown; IoU differences are in points. A run may still be going on.\n"
      "Examples:\n"
      "  sshost compare runs/fcn runs/psp\n"
      "  sshost compare runs/camvid-00* --output camvid.html");
  command.runs([arguments] { return compare(*arguments); });
}

}  // namespace sshost::cli
