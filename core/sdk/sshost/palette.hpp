// Colours for classes that have none of their own.
#ifndef SSHOST_PALETTE_HPP
#define SSHOST_PALETTE_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dataset.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// The palette of Pascal VOC: the bits of the number spread over the three colours; 0 is black.
inline Color voc_color(std::size_t number) {
  Color color{};
  for (int bit = 7; number != 0; --bit, number >>= 3) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      color[channel] = static_cast<uint8_t>(color[channel] | ((number >> channel & 1) << bit));
    }
  }
  return color;
}

// Classes of these names in the palette's colours, the first in that of number `first`.
inline std::vector<ClassInfo> with_voc_colors(std::span<const std::string_view> names, std::size_t first) {
  std::vector<ClassInfo> classes;
  for (const std::string_view name : names) {
    classes.push_back({std::string(name), voc_color(first + classes.size()), {}});
  }
  return classes;
}

// Colours for classes of one's own: each far from its neighbours', none near the red (225, 29, 72) that reports mark
// mistakes with. Hues go around by the golden ratio, from orange to violet; every eighth colour is darker.
inline Color own_color(std::size_t number) {
  constexpr double kFirstHue = 25, kHues = 270, kGoldenRatio = 0.618033988749895;
  constexpr double kValues[] = {235, 175, 120};
  const double turns = kGoldenRatio * static_cast<double>(number);
  const double sector = (kFirstHue + kHues * (turns - std::floor(turns))) / 60;
  const double value = kValues[number / 8 % 3], least = 0.15 * value;
  const auto level = [&](double middle) {  // a trapezoid of the hue, 2 sectors wide to each side
    const double distance = std::fabs(std::fmod(sector - middle + 9, 6) - 3);
    return static_cast<uint8_t>(least + (value - least) * std::clamp(2 - distance, 0.0, 1.0));
  };
  return {level(0), level(2), level(4)};
}

// Whether a class of this name is what lies behind all others.
inline bool is_background(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != ' ') letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return letters == "background" || letters == "bg";
}

}  // namespace v1
}  // namespace ss

#endif
