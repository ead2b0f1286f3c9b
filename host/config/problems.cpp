#include "config/problems.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"
#include "config/excerpt.h"

namespace sshost::config {

namespace {

// Nobody reads more of them, and a file can be made to have any number of any length.
constexpr std::size_t kMostErrors = 100;
constexpr std::size_t kLongestError = 8000;

}  // namespace

void Problems::error(const Place& place, std::string_view key_path, std::string_view message) {
  if (errors_.size() == kMostErrors) {
    ++further_;
    return;
  }
  std::string text = to_string(place);
  if (!key_path.empty()) text.append(": ").append(key_path);
  text.append(": ").append(message);
  errors_.push_back({place, excerpt(text, kLongestError)});
}

void Problems::notice(std::string line) { notices_.push_back(std::move(line)); }

std::vector<std::string> Problems::lines() const {
  std::vector<Entry> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    const auto key = [](const Place& place) {
      return std::make_tuple(is_override(place), std::cref(place.file.text()), place.line, place.column);
    };
    return key(a.place) < key(b.place);
  });
  std::vector<std::string> result;
  for (const Entry& entry : sorted) result.push_back(entry.text);
  if (further_ > 0) result.push_back("and " + std::to_string(further_) + " more mistakes");
  return result;
}

void Problems::throw_if_any() const {
  if (!any()) return;
  std::string text;
  for (const std::string& line : lines()) text.append(text.empty() ? "" : "\n").append(line);
  throw UsageError(text);
}

}  // namespace sshost::config
