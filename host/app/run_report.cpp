#include "app/run_report.h"

#include <ATen/Parallel.h>
#include <sys/resource.h>
#include <torch/headeronly/version.h>

#include <chrono>
#include <ctime>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/core/version.hpp>
#include <thread>

#include "base/error.h"
#include "config/option_value.h"
#include "data/drawn_classes.h"
#include "data/palette.h"
#include "report/history.h"
#include "report/html.h"
#include "run/session.h"

namespace sshost::app {
namespace {

std::string now() {
  const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&time, &local);
  char text[64];
  std::strftime(text, sizeof text, "%d %B %Y, %H:%M", &local);
  return text;
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return report::number(static_cast<double>(usage.ru_maxrss) / (1 << 20), 3) + " GiB";  // ru_maxrss is in KiB
}

std::vector<report::PluginRow> plugin_rows(const std::vector<const plugin::Component*>& components) {
  std::vector<report::PluginRow> rows;
  for (const plugin::Component* component : components) {
    rows.push_back({component->plugin_name, component->plugin_version,
                    plugin::word_of_kind(component->kind()) + " " + std::string(component->name()),
                    component->path.string()});
  }
  return rows;
}

std::vector<report::Fact> environment(const config::Pipeline& pipeline) {
  return {{"sshost", std::string(run::host_version())},
          {"LibTorch", TORCH_VERSION},
          {"OpenCV", CV_VERSION},
          {"Processor", processor() + ", " + std::to_string(std::thread::hardware_concurrency()) + " cores"},
          {"Device", pipeline.device},
          {"Threads of operators", std::to_string(at::get_num_threads())},
          {"Seed", std::to_string(pipeline.seed)},
          {"Run folder", pipeline.output}};
}

// What the run has measured; with the file's name where somebody else has written into it.
void add_metrics(const run::RunFolder& folder, const RunFacts& facts, report::Report& report) try {
  const std::vector<nlohmann::json> metrics = folder.read_metrics();
  report.history = report::read_history(metrics);
  if (facts.evaluated) {
    report.scores = report::read_scores(metrics, data::palette_of(data::drawn_classes(facts.outputs)));
  }
} catch (const Error& error) {
  throw Error(folder.metrics().string() + ": " + error.what());
}

}  // namespace

void write_run_report(const run::RunFolder& folder, RunFacts facts) {
  report::Report report;
  for (const data::Class& entry : data::drawn_classes(facts.classes))
    report.classes.push_back({entry.name, entry.color, 0, 0, 0});
  report.title = facts.pipeline.name;
  report.subtitle = facts.state + " · " + now() + " · " + facts.pipeline.device + " · " + facts.pipeline.output;
  add_metrics(folder, facts, report);
  const char* const of_this_process = facts.resumed ? "Since resumed" : "Duration";
  report.facts = {{of_this_process, report::duration(facts.seconds)}, {"Peak memory", peak_memory()}};
  report.comparisons = std::move(facts.comparisons);
  report.images = std::move(facts.images);
  report.pipeline = config::to_yaml(facts.pipeline.resolved);
  report.environment = environment(facts.pipeline);
  report.plugins = plugin_rows(facts.components);
  report::write_report(folder.report(), report);
}

}  // namespace sshost::app
