#include "shapes.h"

#include <algorithm>
#include <cmath>

namespace synthetic {

namespace {

bool circle(double u, double v) { return u * u + v * v < 1; }
bool box(double u, double v) { return std::max(std::abs(u), std::abs(v)) < 0.85; }
bool triangle(double u, double v) { return v > -0.6 && 1.7 * std::abs(u) + v < 1.1; }
bool ring(double u, double v) { return circle(u, v) && u * u + v * v > 0.3; }
bool cross(double u, double v) { return box(u, v) && std::min(std::abs(u), std::abs(v)) < 0.3; }
bool diamond(double u, double v) { return 1.7 * std::abs(u) + std::abs(v) < 1.1; }

bool odd(double length) { return static_cast<int>(std::floor(length * 3)) % 2 != 0; }

double plain(double, double) { return 1; }
double stripes(double, double v) { return odd(v) ? 0.5 : 1.1; }
double chequer(double u, double v) { return odd(u) == odd(v) ? 0.5 : 1.1; }

}  // namespace

std::span<const Kind> kinds() {
  static const std::array<Kind, 8> all = {{{"circle", {200, 70, 60}, circle, plain},
                                           {"box", {200, 150, 60}, box, plain},
                                           {"triangle", {110, 180, 70}, triangle, plain},
                                           {"stripes", {70, 170, 160}, box, stripes},
                                           {"ring", {70, 110, 200}, ring, plain},
                                           {"cross", {140, 80, 190}, cross, plain},
                                           {"diamond", {200, 80, 150}, diamond, plain},
                                           {"chequer", {180, 180, 180}, box, chequer}}};
  return all;
}

}  // namespace synthetic
