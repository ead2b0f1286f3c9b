#ifndef SSHOST_DATA_PALETTE_H
#define SSHOST_DATA_PALETTE_H

#include <array>
#include <cstdint>
#include <vector>

#include "data/sample.h"

namespace sshost::data {

// The colours of the classes in their order, RGB.
inline std::vector<std::array<uint8_t, 3>> palette_of(const std::vector<Class>& classes) {
  std::vector<std::array<uint8_t, 3>> palette;
  for (const Class& entry : classes) palette.push_back(entry.color);
  return palette;
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_PALETTE_H
