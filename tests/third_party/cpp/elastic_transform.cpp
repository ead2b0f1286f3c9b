// Elastic deformation: pixels come from where a smooth random field says (Ronneberger et al., "U-Net", MICCAI 2015).
#include <sshost/transform.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace {

struct Options {
  double probability = 0.5;
  int64_t cell = 32;
  double strength = 4;
};

struct Point {
  double row, column;
};

// Displacements on a coarse grid, bilinear between its points.
class Field {
 public:
  Field(int64_t height, int64_t width, const Options& options, ss::Random& random)
      : cell_(static_cast<double>(options.cell)), columns_(width / options.cell + 2) {
    const int64_t points = (height / options.cell + 2) * columns_;
    for (int64_t i = 0; i < points; ++i) {
      const double row = options.strength * random.normal();
      grid_.push_back({row, options.strength * random.normal()});
    }
  }

  // Where the pixel comes from.
  Point operator()(int64_t row, int64_t column) const {
    const double y = static_cast<double>(row) / cell_, x = static_cast<double>(column) / cell_;
    const auto top = static_cast<int64_t>(y), left = static_cast<int64_t>(x);
    const double down = y - static_cast<double>(top), right = x - static_cast<double>(left);
    const Point above = between(at(top, left), at(top, left + 1), right),
                below = between(at(top + 1, left), at(top + 1, left + 1), right);
    const Point moved = between(above, below, down);
    return {static_cast<double>(row) + moved.row, static_cast<double>(column) + moved.column};
  }

 private:
  static Point between(Point a, Point b, double part) {
    return {a.row + part * (b.row - a.row), a.column + part * (b.column - a.column)};
  }
  Point at(int64_t row, int64_t column) const { return grid_[static_cast<std::size_t>(row * columns_ + column)]; }

  double cell_;
  int64_t columns_;
  std::vector<Point> grid_;
};

// One element of a map, `fill` outside.
template <class T>
double element(const ss::Map& map, const T* data, int64_t row, int64_t column, int64_t channel) {
  if (row < 0 || column < 0 || row >= map.height() || column >= map.width()) return map.fill();
  return static_cast<double>(data[(row * map.width() + column) * map.channels() + channel]);
}

template <class T>
T nearest(const ss::Map& map, const T* data, Point from, int64_t channel) {
  return static_cast<T>(element(map, data, std::llround(from.row), std::llround(from.column), channel));
}

template <class T>
T interpolated(const ss::Map& map, const T* data, Point from, int64_t channel) {
  const double top = std::floor(from.row), left = std::floor(from.column);
  const auto row = static_cast<int64_t>(top), column = static_cast<int64_t>(left);
  const double down = from.row - top, right = from.column - left;
  const auto mixed = [&](int64_t y) {
    return (1 - right) * element(map, data, y, column, channel) + right * element(map, data, y, column + 1, channel);
  };
  const double value = (1 - down) * mixed(row) + down * mixed(row + 1);
  return std::is_integral_v<T> ? static_cast<T>(std::clamp(std::round(value), 0.0, 255.0)) : static_cast<T>(value);
}

class Elastic final : public ss::Transform {
 public:
  static ss::Schema<Options> schema() {
    return {{"probability", &Options::probability, "how often", ss::between(0, 1)},
            {"cell", &Options::cell, "pixels between two points of the grid", ss::at_least(2)},
            {"strength", &Options::strength, "pixels, the deviation of a point of the grid", ss::between(0, 64)}};
  }

  Elastic(const Options& options, const ss::TransformSpec&) : options_(options) {}

  void apply(const ss::Maps& maps, ss::Random& random, ss::NewMaps& out) const override {
    if (!random.coin(options_.probability)) return;
    const Field field(maps.image().height(), maps.image().width(), options_, random);
    for (const ss::Map& map : maps) {
      ss::with_type(map, [&](auto type) { deform<decltype(type)>(map, field, out); });
    }
  }

 private:
  template <class T>
  static void deform(const ss::Map& map, const Field& field, ss::NewMaps& out) {
    const T* from = map.data<T>();
    T* to = out.like<T>(map);
    for (int64_t row = 0; row < map.height(); ++row) {
      for (int64_t column = 0; column < map.width(); ++column) {
        const Point source = field(row, column);
        for (int64_t channel = 0; channel < map.channels(); ++channel) {
          *to++ = map.is_values() ? interpolated(map, from, source, channel) : nearest(map, from, source, channel);
        }
      }
    }
  }

  Options options_;
};

}  // namespace

SSHOST_PLUGIN("elastic_transform", "1.0.0", ss::transform<Elastic, Options>("elastic", "a smooth random deformation"))
