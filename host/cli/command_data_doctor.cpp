#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "data/diagnosis.h"
#include "error.h"

namespace sshost::cli {
namespace {

constexpr size_t kShownPlaces = 10;

struct Arguments : PipelineArguments {
  int64_t limit = 0;
};

std::string percent(int64_t part, int64_t whole) {
  char text[16];
  std::snprintf(text, sizeof(text), "%6.2f %%", whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / whole);
  return text;
}

std::string indented(const std::string& text, const std::string& by) {
  std::string result = by;
  for (const char c : text) {
    result += c;
    if (c == '\n') result += by;
  }
  return result;
}

void print_finding(report::Console& console, const data::Finding& finding) {
  console.line("  ! " + finding.what);
  for (size_t i = 0; i < std::min(finding.places.size(), kShownPlaces); ++i) {
    console.line(indented(finding.places[i], "      "));
  }
  if (finding.places.size() > kShownPlaces) {
    console.line("      and " + std::to_string(finding.places.size() - kShownPlaces) + " more");
  }
  console.line("    mend: " + indented(finding.mend, "          ").substr(10));
}

std::string name_of(int32_t number, const data::DatasetInfo& info) {
  if (number == info.ignore_index) return "(ignored)";
  const bool is_class = number >= 0 && number < static_cast<int64_t>(info.classes.size());
  return is_class ? info.classes[number].name : "(no class)";
}

void print_histogram(report::Console& console, const data::Inspection& seen, const data::DatasetInfo& info) {
  if (seen.labels.empty()) return;
  int64_t pixels = 0;
  for (const auto& [number, use] : seen.labels) pixels += use.pixels;
  console.line("    number    pixels   images  class");
  for (const auto& [number, use] : seen.labels) {
    char text[64];
    std::snprintf(text, sizeof(text), "    %6d %s %8lld  ", number, percent(use.pixels, pixels).c_str(),
                  static_cast<long long>(use.images));
    console.line(text + name_of(number, info));
  }
}

// The number of findings.
size_t examine(report::Console& console, const engine::Session& opened, const std::string& split, int64_t limit) {
  std::unique_ptr<data::Dataset> dataset;
  try {
    dataset = engine::open_dataset(opened, split);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    console.line("split " + split);
    print_finding(console, {"it cannot be opened", {error.what()}, "correct data.dataset.root, or the files it names"});
    return 1;
  }
  const data::Inspection seen = data::inspect(*dataset, limit, [](int64_t, int64_t) {});
  const bool has_map = opened.pipeline.data.dataset.options->find("label_map") != nullptr;
  const std::vector<data::Finding> findings = data::diagnose(seen, dataset->info(), has_map);
  console.line("split " + split + ": " + std::to_string(seen.read) + " of " + std::to_string(seen.samples) +
               " samples read" + (findings.empty() ? ", nothing wrong" : ""));
  for (const data::Finding& finding : findings) print_finding(console, finding);
  print_histogram(console, seen, dataset->info());
  return findings.size();
}

int doctor(const Arguments& arguments) {
  Session session(arguments.verbose);
  const engine::Session opened = session.open_pipeline(arguments);
  const config::DataConfig& data = opened.pipeline.data;
  size_t findings = 0;
  for (const std::string& split : std::set<std::string>{data.train.split, data.evaluate.split}) {
    findings += examine(session.console(), opened, split, arguments.limit);
  }
  return findings == 0 ? kDone : kFailed;
}

}  // namespace

void add_data_doctor_command(Command data) {
  const auto arguments = std::make_shared<Arguments>();
  Command command = data.add_command("doctor", "Read a pipeline's data and say what is wrong with it");
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE").required();
  add_pipeline_options(command, *arguments);
  command.add_option("--limit", arguments->limit, "Samples of each split, spread evenly; 0: all").non_negative();
  command.footer(
      "Looks for unpaired files, files that cannot be read, labels of another size than their image, colours instead "
      "of\n"
      "numbers, 0/255 masks, numbers that are no class, and classes that never occur. Ends with 1 where it finds any.\n"
      "Examples:\n"
      "  sshost data doctor pipeline.yaml\n"
      "  sshost data doctor pipeline.yaml --limit 200 --set data.dataset.root=/data/mine");
  command.runs([arguments] { return doctor(*arguments); });
}

}  // namespace sshost::cli
