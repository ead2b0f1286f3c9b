#ifndef SSHOST_DATA_PALETTE_H
#define SSHOST_DATA_PALETTE_H

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/sample.h"

namespace sshost::data {

// The colours of the classes in their order, RGB.
inline std::vector<std::array<uint8_t, 3>> palette_of(const std::vector<Class>& classes) {
  std::vector<std::array<uint8_t, 3>> palette;
  for (const Class& entry : classes) palette.push_back(entry.color);
  return palette;
}

// Whether a class of this name is what lies behind all others: pictures leave it clear, so that the photograph is seen
// there.
inline bool is_background(std::string_view name) {
  std::string letters;
  for (const char c : name) {
    if (c != '_' && c != ' ') letters += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  return letters == "background" || letters == "bg";
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_PALETTE_H
