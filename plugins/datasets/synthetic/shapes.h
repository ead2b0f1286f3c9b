// The kinds of shapes: what they cover and how they are shaded.
#ifndef SSHOST_PLUGINS_SYNTHETIC_SHAPES_H
#define SSHOST_PLUGINS_SYNTHETIC_SHAPES_H

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace synthetic {

// u and v are relative to the shape's centre, in its radii, turned with it; nothing is covered beyond the radius 1.3.
struct Kind {
  std::string name;
  std::array<uint8_t, 3> color;  // red, green, blue
  bool (*covers)(double u, double v);
  double (*shade)(double u, double v);  // what the colour is multiplied with there
};

// One class each, in this order.
std::span<const Kind> kinds();

}  // namespace synthetic

#endif  // SSHOST_PLUGINS_SYNTHETIC_SHAPES_H
