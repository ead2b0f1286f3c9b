#include "config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/error.h"

namespace sshost::config {

void Problems::error(const Place& place, std::string_view key_path, std::string_view message) {
  std::string text = to_string(place);
  if (!key_path.empty()) text.append(": ").append(key_path);
  text.append(": ").append(message);
  errors_.push_back({place, std::move(text)});
}

void Problems::notice(std::string line) { notices_.push_back(std::move(line)); }

std::vector<std::string> Problems::lines() const {
  std::vector<Entry> sorted = errors_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    const auto key = [](const Place& place) {
      return std::make_tuple(is_override(place), std::cref(place.file), place.line, place.column);
    };
    return key(a.place) < key(b.place);
  });
  std::vector<std::string> result;
  for (const Entry& entry : sorted) result.push_back(entry.text);
  return result;
}

void Problems::throw_if_any() const {
  if (!any()) return;
  std::string text;
  for (const std::string& line : lines()) text.append(text.empty() ? "" : "\n").append(line);
  throw UsageError(text);
}

}  // namespace sshost::config
