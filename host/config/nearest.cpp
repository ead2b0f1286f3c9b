#include "config/nearest.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace sshost::config {

int edit_distance(std::string_view from, std::string_view to) {
  std::vector<int> before(to.size() + 1);
  std::vector<int> last(to.size() + 1);
  std::vector<int> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) last[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const int replaced = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, last);
    std::swap(last, row);
  }
  return last[to.size()];
}

namespace {

int common_beginning(std::string_view one, std::string_view other) {
  int count = 0;
  for (auto left = one.begin(), right = other.begin(); left != one.end() && right != other.end(); ++left, ++right) {
    if (*left != *right) break;
    ++count;
  }
  return count;
}

}  // namespace

std::string nearest_name(std::string_view word, std::span<const std::string> names) {
  constexpr std::size_t kLongest = 200;  // nobody misspells a name of this length
  if (word.size() > kLongest) return {};
  const int farthest = std::max(1, static_cast<int>(word.size()) / 3);
  std::string best;
  std::pair<int, int> best_fit{farthest + 1, 0};  // the less the better
  for (const std::string& name : names) {
    const std::pair<int, int> fit{edit_distance(word, name), -common_beginning(word, name)};
    if (fit.first > farthest || fit >= best_fit) continue;
    best = name;
    best_fit = fit;
  }
  return best;
}

std::string suggestion(std::string_view word, std::span<const std::string> names) {
  const std::string near = nearest_name(word, names);
  return near.empty() ? "" : " (did you mean \"" + near + "\"?)";
}

std::string join_names(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(name);
  return text;
}

}  // namespace sshost::config
