#include <algorithm>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/works.h"
#include "config/value_error.h"
#include "data/size_diagnosis.h"

namespace sshost::cli {
namespace {

constexpr size_t kShownPlaces = 10;

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

// Several lines of YAML begin on a line of their own, so that they can be copied as they stand.
void print_mend(report::Console& console, const std::string& mend) {
  const bool is_long = mend.find('\n') != std::string::npos;
  console.line(is_long ? "    mend:\n" + indented(mend, "      ") : "    mend: " + mend);
}

void print_finding(report::Console& console, const data::Finding& finding) {
  console.line((finding.is_note ? "  - " : "  ! ") + finding.what);
  for (size_t i = 0; i < std::min(finding.places.size(), kShownPlaces); ++i) {
    console.line(indented(finding.places[i], "      "));
  }
  if (finding.places.size() > kShownPlaces) {
    console.line("      and " + std::to_string(finding.places.size() - kShownPlaces) + " more");
  }
  print_mend(console, finding.mend);
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

// `option: value` where the data set has this option.
ss_options_object with(ss_options_object options, const std::string& option, const std::string& value) {
  if (options.find(option) != nullptr) options.set(option, config::make_string(value));
  return options;
}

// A split as far as it can be opened, and what is in the way of the rest.
struct OpenedSplit {
  std::unique_ptr<data::Dataset> dataset;  // nothing where it cannot be opened at all
  std::vector<data::Finding> findings;
};

class SplitOpener {
 public:
  SplitOpener(const run::Session& opened, const std::string& split)
      : config_(opened.pipeline.data.dataset),
        component_(opened.registry->find(config_.kind, config_.type)),
        split_(split) {}

  // With every frame of a clip, of which training draws one at a time, and first without passing over anything.
  OpenedSplit open() {
    const ss_options_object strict = with(with(*config_.options, "frames", "all"), "unpaired", "stop");
    if (try_open(strict)) return {std::move(dataset_), {}};
    const std::vector<std::string> problem{problem_};
    if (try_open(with(strict, "unpaired", "skip"))) {
      const bool skips = config_.options->at("unpaired").text == "skip";
      const std::string mend = skips ? "nothing has to be done: data.dataset.unpaired is skip"
                                     : "data: {dataset: {unpaired: skip}}  # or add what is missing";
      return {std::move(dataset_), {{"files have no partner", problem, mend, skips}}};
    }
    const std::string mend = "correct data.dataset.root, or the files it names";
    const bool is_partial = try_open(*config_.options);
    return {std::move(dataset_), {{is_partial ? "not every frame can be read" : "it cannot be opened", problem, mend}}};
  }

 private:
  bool try_open(const ss_options_object& options) {
    try {
      dataset_ = std::make_unique<data::Dataset>(*component_.descriptor, component_.path, &options, split_);
      return true;
    } catch (const UsageError&) {
      throw;
    } catch (const Error& error) {
      problem_ = error.what();
      return false;
    }
  }

  const config::ComponentConfig& config_;
  const plugin::Component& component_;
  std::string split_;
  std::unique_ptr<data::Dataset> dataset_;
  std::string problem_;  // of the last attempt that failed
};

// Looks at what could be opened.
data::Inspection inspect(const run::Session& opened, const std::string& split, int64_t limit, OpenedSplit& found) {
  const config::DataConfig& data = opened.pipeline.data;
  const data::Dataset& dataset = *found.dataset;
  const data::DatasetUse use(data.dataset.type, *data.dataset.options, data.on_broken_sample == "skip");
  const data::Inspection seen =
      data::inspect(dataset, {limit, use.reads_colors(), data.strict_images}, [](int64_t, int64_t) {});
  for (data::Finding& finding : data::diagnose(seen, dataset.info(), use)) found.findings.push_back(std::move(finding));
  for (data::Finding& finding : data::diagnose_sizes(seen, dataset.info(), opened.pipeline, split)) {
    found.findings.push_back(std::move(finding));
  }
  return seen;
}

// A split that was looked at.
struct Examined {
  std::string split;
  OpenedSplit found;
  data::Inspection seen;

  // Findings that something has to be done about.
  int64_t problems() const {
    return std::count_if(found.findings.begin(), found.findings.end(),
                         [](const data::Finding& finding) { return !finding.is_note; });
  }
};

Examined examine(const run::Session& opened, const std::string& split, int64_t limit) {
  Examined examined{split, SplitOpener(opened, split).open(), {}};
  if (examined.found.dataset) examined.seen = inspect(opened, split, limit, examined.found);
  return examined;
}

nlohmann::json to_json(const Examined& examined) {
  const auto& [split, found, seen] = examined;
  nlohmann::json findings = nlohmann::json::array(), labels = nlohmann::json::array();
  for (const data::Finding& finding : found.findings) {
    findings.push_back(
        {{"what", finding.what}, {"places", finding.places}, {"mend", finding.mend}, {"is_note", finding.is_note}});
  }
  for (const auto& [number, use] : seen.labels) {
    const bool is_class = found.dataset && number >= 0 && number < found.dataset->classes();
    labels.push_back(
        {{"number", number},
         {"class", is_class ? nlohmann::json(found.dataset->info().classes[number].name) : nlohmann::json()},
         {"pixels", use.pixels},
         {"images", use.images}});
  }
  return {{"name", split}, {"samples", seen.samples}, {"read", seen.read}, {"findings", findings}, {"labels", labels}};
}

void print(report::Console& console, const Examined& examined) {
  const auto& [split, found, seen] = examined;
  console.line("split " + split + ": " + std::to_string(seen.read) + " of " + std::to_string(seen.samples) +
               " samples read" + (found.findings.empty() ? ", nothing wrong" : ""));
  for (const data::Finding& finding : found.findings) print_finding(console, finding);
  if (found.dataset) print_histogram(console, seen, found.dataset->info());
}

}  // namespace

int examine_data(const DoctorArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  const config::DataConfig& data = opened.pipeline.data;
  session.say_libraries_beside(opened);
  int64_t problems = 0;
  nlohmann::json splits = nlohmann::json::array();
  for (const std::string& split : std::set<std::string>{data.train.split, data.evaluate.split}) {
    const Examined examined =
        config::with_places(opened.pipeline, [&] { return examine(opened, split, arguments.limit); });
    problems += examined.problems();
    if (session.is_json()) {
      splits.push_back(to_json(examined));
    } else {
      print(session.console(), examined);
    }
  }
  if (session.is_json()) session.answer({{"problems", problems}, {"splits", splits}});
  return problems == 0 ? kDone : kFailed;
}

}  // namespace sshost::cli
