#include "strangers.h"

#include <sshost/host.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

namespace folder {

namespace {

constexpr std::size_t kShown = 8;

}  // namespace

std::string StrangerLog::name_of(int64_t value) const {
  if (!are_colors_) return std::to_string(value);
  char text[8];
  std::snprintf(text, sizeof(text), "#%06x", static_cast<unsigned>(value & 0xffffff));
  return text;
}

void StrangerLog::add(int64_t sample, const std::string& path, const Strangers& found) {
  if (found.empty()) return;
  const std::lock_guard lock(mutex_);
  if (!samples_.insert(sample).second) return;
  for (const auto& [value, pixels] : found) {
    uses_[value].pixels += pixels;
    ++uses_[value].labels;
  }
  if (samples_.size() > 1) return;
  const auto most =
      std::max_element(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  ss::log_warning("folder: split " + split_ + ": " + path + " holds " + of_no_class() + ", such as " +
                  name_of(most->first) + " (" + std::to_string(most->second) +
                  " pixels): they are ignored; what all labels hold is told at the end");
}

StrangerLog::~StrangerLog() {
  if (samples_.empty()) return;
  std::vector<std::pair<int64_t, Use>> uses(uses_.begin(), uses_.end());
  std::sort(uses.begin(), uses.end(), [](const auto& a, const auto& b) { return a.second.pixels > b.second.pixels; });
  std::string text;
  for (std::size_t i = 0; i < std::min(uses.size(), kShown); ++i) {
    text += (i == 0 ? "" : ", ") + name_of(uses[i].first) + " (" + std::to_string(uses[i].second.pixels) +
            " pixels in " + std::to_string(uses[i].second.labels) + " labels)";
  }
  if (uses.size() > kShown) text += " and " + std::to_string(uses.size() - kShown) + " more";
  ss::log_warning("folder: split " + split_ + ": " + std::to_string(samples_.size()) +
                  " of the labels that were read hold " + of_no_class() + ", which are ignored: " + text + "; " +
                  (are_colors_ ? "give `classes` one for each that counts"
                               : "name those that count in label_map, the others as " + std::string("ignore_index")));
}

}  // namespace folder
