// Colours for classes that have none of their own.
#ifndef SSHOST_PALETTE_HPP
#define SSHOST_PALETTE_HPP

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

}  // namespace v1
}  // namespace ss

#endif
