#include "data/true_values.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

namespace sshost::data {

namespace {

using Value = std::array<int32_t, 3>;

struct Counted {
  Value value;
  Tally tally;
};

constexpr double kReach = 48;          // what lies so near to a more frequent value is its noise
constexpr double kLeastSolid = 0.002;  // of all solid pixels, of a true value with what lies near it
constexpr double kMostIgnored = 0.01;  // of all pixels, that the tolerance leaves out where it can
constexpr int64_t kTolerances[] = {8, 16, 32, 48, 64, 96, 128};

double distance(const Value& one, const Value& other) {
  return std::hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

int64_t total_of(const std::vector<Counted>& counts, int64_t Tally::*what) {
  int64_t sum = 0;
  for (const Counted& each : counts) sum += each.tally.*what;
  return sum;
}

// The value with the most solid pixels, that of those far from it, and so on.
std::vector<Value> peaks(std::vector<Counted> left) {
  const double least = kLeastSolid * static_cast<double>(total_of(left, &Tally::solid));
  std::stable_sort(left.begin(), left.end(), [](const auto& one, const auto& two) {
    return std::pair(one.tally.solid, one.tally.pixels) > std::pair(two.tally.solid, two.tally.pixels);
  });
  std::vector<Value> found;
  while (!left.empty() && left.front().tally.solid > 0) {
    const Value peak = left.front().value;
    int64_t solid = 0;  // of what lies near
    std::erase_if(left, [&](const Counted& each) {
      const bool is_near = distance(each.value, peak) <= kReach;
      solid += is_near ? each.tally.solid : 0;
      return is_near;
    });
    if (static_cast<double>(solid) >= least) found.push_back(peak);
  }
  return found;
}

// Black, white and full colours come out of JPEG a little off.
void round_to_full(Value& value) {
  constexpr int32_t kOff = 16;
  for (int32_t& channel : value) {
    if (channel < kOff) channel = 0;
    if (channel > 255 - kOff && channel <= 255) channel = 255;
  }
}

double nearest_distance(const Value& value, const std::vector<Value>& peaks) {
  double nearest = std::numeric_limits<double>::infinity();
  for (const Value& peak : peaks) nearest = std::min(nearest, distance(value, peak));
  return nearest;
}

double smallest_gap(const std::vector<Value>& peaks) {
  double gap = std::numeric_limits<double>::infinity();
  for (size_t i = 1; i < peaks.size(); ++i) {
    const std::vector<Value> earlier(peaks.begin(), peaks.begin() + static_cast<std::ptrdiff_t>(i));
    gap = std::min(gap, nearest_distance(peaks[i], earlier));
  }
  return gap;
}

// Between two values every one is nearer to one of them. Among several, what lies between two far ones may be near a
// third: then no more than it takes.
int64_t tolerance_for(const std::vector<Counted>& counts, const std::vector<Value>& peaks) {
  if (peaks.size() < 2) return kTolerances[2];
  const auto half = static_cast<int64_t>(std::ceil(smallest_gap(peaks) / 2));
  if (peaks.size() == 2) return half;
  const double most = kMostIgnored * static_cast<double>(total_of(counts, &Tally::pixels));
  for (const int64_t tolerance : kTolerances) {
    int64_t ignored = 0;
    for (const Counted& each : counts) {
      if (nearest_distance(each.value, peaks) > static_cast<double>(tolerance)) ignored += each.tally.pixels;
    }
    if (tolerance >= half || static_cast<double>(ignored) <= most) return std::min(tolerance, half);
  }
  return std::min(kTolerances[std::size(kTolerances) - 1], half);
}

int64_t count_near(const std::vector<Counted>& counts, const Value& value) {
  return std::count_if(counts.begin(), counts.end(), [&](const Counted& each) {
    return each.value != value && distance(each.value, value) <= kReach;
  });
}

// The share of pixels that lie at most `reach` away from a peak.
double share_near(const std::vector<Counted>& counts, const std::vector<Value>& peaks, double reach) {
  int64_t near = 0;
  for (const Counted& each : counts) near += nearest_distance(each.value, peaks) <= reach ? each.tally.pixels : 0;
  return static_cast<double>(near) / static_cast<double>(std::max<int64_t>(total_of(counts, &Tally::pixels), 1));
}

// More values than not are edges and nothing else.
bool are_mostly_edges(const std::vector<Counted>& counts) {
  const auto solid = std::count_if(counts.begin(), counts.end(), [](const auto& each) { return each.tally.solid > 0; });
  return static_cast<std::ptrdiff_t>(counts.size()) > 3 * solid;
}

// Classes that follow one another lie near too, but hold pixels of their own, and nothing lies around the last one.
bool are_smeared(const std::vector<Counted>& counts, const std::vector<Value>& peaks) {
  constexpr double kLeastExact = 0.6;
  constexpr int64_t kBetween = 5;
  if (peaks.size() < 2 || share_near(counts, peaks, 0) < kLeastExact) return false;
  if (are_mostly_edges(counts)) return true;
  if (counts.size() <= 4 * peaks.size()) return false;
  const bool all_have_noise =
      std::all_of(peaks.begin(), peaks.end(), [&](const Value& peak) { return count_near(counts, peak) >= 2; });
  const auto between = std::count_if(counts.begin(), counts.end(),
                                     [&](const Counted& each) { return nearest_distance(each.value, peaks) > kReach; });
  return all_have_noise || between >= kBetween;
}

TrueValues all_of(const std::vector<Counted>& counts) {
  TrueValues all;
  for (const Counted& each : counts) all.values.push_back(each.value);
  return all;
}

TrueValues smeared_around(const std::vector<Counted>& counts, std::vector<Value> peaks) {
  constexpr double kNear = 12;
  constexpr double kLeastNear = 0.55;
  constexpr double kLeastFlat = 0.15;  // of all pixels are solid
  std::sort(peaks.begin(), peaks.end());
  peaks.erase(std::unique(peaks.begin(), peaks.end()), peaks.end());
  const double pixels = static_cast<double>(total_of(counts, &Tally::pixels));
  const bool is_clear = share_near(counts, peaks, kNear) >= kLeastNear &&
                        static_cast<double>(total_of(counts, &Tally::solid)) >= kLeastFlat * pixels;
  return {peaks, true, is_clear, tolerance_for(counts, peaks)};
}

Value value_of(uint32_t rgb) {
  return {static_cast<int32_t>(rgb >> 16 & 255), static_cast<int32_t>(rgb >> 8 & 255), static_cast<int32_t>(rgb & 255)};
}

}  // namespace

TrueValues true_numbers(const NumberCounts& counts, bool lossy) {
  std::vector<Counted> list;
  for (const auto& [number, tally] : counts) list.push_back({{number, 0, 0}, tally});
  std::vector<Value> found = peaks(list);
  if (!lossy && !are_smeared(list, found)) return all_of(list);
  for (Value& peak : found) round_to_full(peak);
  return smeared_around(list, std::move(found));
}

TrueValues true_colors(const ColorCounts& counts, const std::vector<uint32_t>& known, bool lossy) {
  constexpr size_t kMostColors = 256;  // of labels; a photograph, and what is smeared, has any number of them
  std::vector<Counted> list;
  for (const auto& [color, tally] : counts) list.push_back({value_of(color), tally});
  std::vector<Value> found = peaks(list);
  const bool has_many = list.size() > kMostColors || (found.size() > 1 && list.size() > 8 * found.size());
  const bool has_edges = found.size() > 1 && are_mostly_edges(list);
  if (!lossy && !has_many && !has_edges) return all_of(list);
  for (Value& peak : found) {
    round_to_full(peak);
    for (const uint32_t color : known) {
      if (distance(peak, value_of(color)) <= kReach) peak = value_of(color);
    }
  }
  return smeared_around(list, std::move(found));
}

std::string color_text(uint32_t rgb) {
  char text[8];
  std::snprintf(text, sizeof(text), "#%06x", rgb & 0xffffffU);
  return text;
}

std::vector<std::string> color_texts(const TrueValues& colors) {
  std::vector<std::string> texts;
  for (const Value& value : colors.values) {
    texts.push_back(color_text(static_cast<uint32_t>(value[0] << 16 | value[1] << 8 | value[2])));
  }
  return texts;
}

}  // namespace sshost::data
