#include "config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/printable.h"
#include "config/excerpt.h"

namespace sshost::config {

namespace {

// Nobody reads more of them, and a file can be made to have any number of any length.
constexpr std::size_t kMostErrors = 100;
constexpr std::size_t kLongestError = 8000;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text.append(text.empty() ? "" : "\n").append(line);
  return text;
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string text = to_string(problem.place);
  if (!problem.key_path.empty()) text.append(": ").append(problem.key_path);
  return printable_line(text.append(": ").append(problem.message));
}

PipelineError::PipelineError(Problem problem) : UsageError(to_string(problem)), problems_{std::move(problem)} {}

PipelineError::PipelineError(const std::string& text, std::vector<Problem> problems)
    : UsageError(text), problems_(std::move(problems)) {}

void Problems::error(const Place& place, std::string_view key_path, std::string_view message) {
  if (errors_.size() == kMostErrors) {
    ++further_;
    return;
  }
  errors_.push_back({place, excerpt(key_path, kLongestError), excerpt(message, kLongestError)});
}

void Problems::notice(std::string line) { notices_.push_back(std::move(line)); }

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Problem& a, const Problem& b) {
    const auto key = [](const Place& place) {
      return std::make_tuple(is_override(place), std::cref(place.file.text()), place.line, place.column);
    };
    return key(a.place) < key(b.place);
  });
  return sorted;
}

std::vector<std::string> Problems::lines() const {
  std::vector<std::string> result;
  for (const Problem& problem : sorted()) result.push_back(to_string(problem));
  if (further_ > 0) result.push_back("and " + std::to_string(further_) + " more mistakes");
  return result;
}

void Problems::throw_if_any() const {
  if (any()) throw PipelineError(joined(lines()), sorted());
}

}  // namespace sshost::config
