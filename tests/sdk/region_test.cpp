#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <random>
#include <sshost/region.hpp>
#include <utility>
#include <vector>

namespace ss {
namespace {

// COCO's rleFrPoly as it goes: every step of the outline is kept, and then looked at.
class Walk {
 public:
  Walk(const std::vector<double>& points, int64_t height, int64_t width) : height_(height), width_(width) {
    std::vector<std::pair<int64_t, int64_t>> corners;
    for (size_t i = 0; i < points.size(); i += 2) corners.emplace_back(to_grid(points[i]), to_grid(points[i + 1]));
    for (size_t i = 0; i < corners.size(); ++i) add_line(corners[i], corners[(i + 1) % corners.size()]);
  }

  RunLengths runs() const {
    std::vector<int> crossed(static_cast<size_t>(height_ * width_ + 1));
    for (size_t i = 1; i < outline_.size(); ++i) {
      const auto& [x, y] = outline_[i];
      const auto& [x_before, y_before] = outline_[i - 1];
      const double column = (static_cast<double>(std::min(x, x_before)) + 0.5) / 5 - 0.5;
      const bool is_inside = column >= 0 && column <= static_cast<double>(width_ - 1);
      if (x == x_before || std::floor(column) != column || !is_inside) continue;
      const double row = (static_cast<double>(std::min(y, y_before)) + 0.5) / 5 - 0.5;
      const double below = std::ceil(std::min(std::max(row, 0.0), static_cast<double>(height_)));
      crossed[static_cast<size_t>(column * static_cast<double>(height_) + below)] ^= 1;
    }
    return to_runs(crossed);
  }

 private:
  static int64_t to_grid(double value) { return static_cast<int64_t>(5 * value + 0.5); }

  void add_line(std::pair<int64_t, int64_t> from, std::pair<int64_t, int64_t> to) {
    const int64_t dx = std::abs(to.first - from.first), dy = std::abs(to.second - from.second);
    const bool flat = dx >= dy, flip = flat ? from.first > to.first : from.second > to.second;
    if (flip) std::swap(from, to);
    const int64_t length = std::max(dx, dy), across = flat ? to.second - from.second : to.first - from.first;
    const double slope = length == 0 ? 0 : static_cast<double>(across) / static_cast<double>(length);
    for (int64_t step = 0; step <= length; ++step) {
      const int64_t at = flip ? length - step : step;
      const double start = static_cast<double>(flat ? from.second : from.first);
      const auto other = static_cast<int64_t>(start + slope * static_cast<double>(at) + 0.5);
      outline_.emplace_back(flat ? from.first + at : other, flat ? other : from.second + at);
    }
  }

  RunLengths to_runs(const std::vector<int>& crossed) const {
    RunLengths runs;
    int64_t last = 0;
    for (int64_t i = 0; i < height_ * width_; ++i) {
      if (crossed[static_cast<size_t>(i)] != 0) runs.push_back(i - std::exchange(last, i));
    }
    runs.push_back(height_ * width_ - last);
    return runs;
  }

  int64_t height_, width_;
  std::vector<std::pair<int64_t, int64_t>> outline_;
};

TEST(PolygonRuns, AreThoseOfTheReferencesWalk) {
  std::mt19937 random(3);
  const auto number = [&](double least, double most) {
    return std::uniform_real_distribution<double>(least, most)(random);
  };
  for (int i = 0; i < 3000; ++i) {
    const auto height = static_cast<int64_t>(number(1, 40)), width = static_cast<int64_t>(number(1, 40));
    const double span = i % 3 == 0 ? 8 : i % 3 == 1 ? 50 : 400, least = i % 2 == 0 ? 0 : -span / 3;
    std::vector<double> points;
    for (int64_t corner = 0; corner < 3 + i % 7; ++corner) {
      for (int axis = 0; axis < 2; ++axis) {
        const double at = number(least, span);
        points.push_back(i % 5 == 0 ? std::floor(at) : at);
      }
    }
    EXPECT_EQ(polygon_runs(points, height, width), Walk(points, height, width).runs()) << i;
  }
}

TEST(PolygonRuns, GoByTheImageHoweverFarTheCornersLie) {
  constexpr double kFar = 131'000;
  EXPECT_EQ(polygon_runs({-kFar, -kFar, kFar, -kFar, kFar, kFar, -kFar, kFar}, 3, 4), (RunLengths{0, 12}));
  EXPECT_EQ(polygon_runs({kFar, kFar, kFar, kFar / 2, kFar / 2, kFar}, 3, 4), (RunLengths{12}));
  std::vector<double> zigzag;
  for (int corner = 0; corner < 20'000; ++corner) {
    zigzag.insert(zigzag.end(), {corner % 2 == 0 ? -kFar : kFar, corner % 4 < 2 ? -kFar : kFar});
  }
  EXPECT_LE(polygon_runs(zigzag, 64, 64).size(), size_t{64 * 64 + 1});
}

}  // namespace
}  // namespace ss
