#include "data/drawn_classes.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "data/palette.h"

namespace sshost::data {

namespace {

using Color = std::array<uint8_t, 3>;

// Far from each other, from black and white, and from the red of mistakes in reports.
constexpr std::array<Color, 8> kColors = {{{230, 159, 0},
                                           {86, 120, 233},
                                           {0, 158, 115},
                                           {204, 121, 217},
                                           {130, 200, 60},
                                           {0, 190, 210},
                                           {150, 90, 40},
                                           {110, 70, 170}}};

// White, or black.
bool is_hard_to_see(const Color& color) {
  constexpr int kDark = 40, kBright = 215;
  const auto [least, most] = std::minmax_element(color.begin(), color.end());
  return *most < kDark || *least > kBright;
}

bool is_near(const Color& one, const Color& other) {
  constexpr int kNear = 40;
  int distance = 0;
  for (size_t i = 0; i < one.size(); ++i) distance = std::max(distance, std::abs(one[i] - other[i]));
  return distance < kNear;
}

}  // namespace

std::vector<Class> drawn_classes(std::vector<Class> classes) {
  std::vector<Color> taken;
  const auto keeps_color = [](const Class& each) { return is_background(each.name) || !is_hard_to_see(each.color); };
  for (const Class& each : classes) {
    if (keeps_color(each)) taken.push_back(each.color);
  }
  size_t next = 0;
  for (Class& each : classes) {
    if (keeps_color(each)) continue;
    const auto is_taken = [&](const Color& color) {
      return std::any_of(taken.begin(), taken.end(), [&](const Color& other) { return is_near(color, other); });
    };
    for (size_t tried = 0; tried < kColors.size() && is_taken(kColors[next % kColors.size()]); ++tried) ++next;
    each.color = kColors[next++ % kColors.size()];
    taken.push_back(each.color);
  }
  return classes;
}

}  // namespace sshost::data
