#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/doctor.h"
#include "base/printable.h"
#include "cli/arguments.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"

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
  console.line((finding.is_note ? "  - " : "  ! ") + printable_line(finding.what));
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
  const int64_t pixels = seen.pixels;
  console.line("    number    pixels   images  class");
  for (const auto& [number, use] : seen.labels) {
    char text[64];
    std::snprintf(text, sizeof(text), "    %6d %s %8lld  ", number, percent(use.pixels, pixels).c_str(),
                  static_cast<long long>(use.images));
    console.line(text + name_of(number, info));
  }
}

nlohmann::json to_json(const std::string& split, const run::Examination& found) {
  nlohmann::json findings = nlohmann::json::array(), labels = nlohmann::json::array();
  for (const data::Finding& finding : found.findings) {
    findings.push_back(
        {{"what", finding.what}, {"places", finding.places}, {"mend", finding.mend}, {"is_note", finding.is_note}});
  }
  const auto classes = static_cast<int64_t>(found.info.classes.size());
  for (const auto& [number, use] : found.seen.labels) {
    const bool is_class = number >= 0 && number < classes;
    labels.push_back({{"number", number},
                      {"class", is_class ? nlohmann::json(found.info.classes[number].name) : nlohmann::json()},
                      {"pixels", use.pixels},
                      {"images", use.images}});
  }
  return {{"name", split},
          {"samples", found.seen.samples},
          {"read", found.seen.read},
          {"findings", findings},
          {"labels", labels}};
}

void print(report::Console& console, const std::string& split, const run::Examination& found) {
  console.line("split " + split + ": " + std::to_string(found.seen.read) + " of " + std::to_string(found.seen.samples) +
               " samples read" + (found.findings.empty() ? ", nothing wrong" : ""));
  for (const data::Finding& finding : found.findings) print_finding(console, finding);
  print_histogram(console, found.seen, found.info);
}

}  // namespace

int examine_data(const DoctorArguments& arguments) {
  Session session(arguments.talk);
  const run::Session opened = session.open_pipeline(arguments);
  app::say_libraries_beside(opened, session.log());
  nlohmann::json splits = nlohmann::json::array();
  const auto tell = [&](const std::string& split, const run::Examination& found) {
    if (session.is_json()) {
      splits.push_back(to_json(split, found));
    } else {
      print(session.console(), split, found);
    }
  };
  const int64_t problems = app::examine_splits(opened, arguments.limit, tell);
  if (session.is_json()) print_document({{"problems", problems}, {"splits", splits}});
  return problems == 0 ? kDone : kFailed;
}

}  // namespace sshost::cli
