// Regions of an image as annotation tools store them, as masks: polygons and run lengths.
//
// Both follow COCO's reference (cocodataset/cocoapi, common/maskApi.c: rleFrPoly, rleFrString) to the pixel: a region is
// a set of runs over the image's columns, one column behind the other.
#ifndef SSHOST_REGION_HPP
#define SSHOST_REGION_HPP

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// Run lengths over a picture's columns, alternately outside and inside, outside first.
using RunLengths = std::vector<int64_t>;

namespace detail {

inline constexpr double kPolygonScale = 5;  // points along the outline are looked for on a grid that is so much finer

struct GridPoint {
  int64_t x, y;
};

inline std::vector<GridPoint> to_grid(const std::vector<double>& points) {
  std::vector<GridPoint> grid;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    grid.push_back({static_cast<int64_t>(kPolygonScale * points[i] + 0.5),
                    static_cast<int64_t>(kPolygonScale * points[i + 1] + 0.5)});
  }
  grid.push_back(grid.front());
  return grid;
}

// The middle of a column lies between these two places of the grid.
constexpr int64_t grid_before(int64_t column) { return 5 * column + 2; }
constexpr int64_t grid_behind(int64_t column) { return 5 * column + 3; }

// Of the columns 0 to `width` - 1 those whose middle lies between two places of the grid.
struct Columns {
  int64_t first, end;
};
inline Columns columns_between(int64_t low, int64_t high, int64_t width) {
  const int64_t first = low <= grid_before(0) ? 0 : (low + 2) / 5;
  const int64_t end = high < grid_behind(0) ? 0 : std::min(width, (high - grid_behind(0)) / 5 + 1);
  return {first, std::max(first, end)};
}

// The way from one corner to the next, step by step along the axis on which it is longer. What it crosses is found
// without taking the steps, of which a corner far off makes many.
class Edge {
 public:
  Edge(GridPoint from, GridPoint to) : is_flat_(std::abs(to.x - from.x) >= std::abs(to.y - from.y)) {
    if (is_flat_ ? from.x > to.x : from.y > to.y) std::swap(from, to);
    from_ = from;
    length_ = is_flat_ ? to.x - from.x : to.y - from.y;
    const int64_t across = is_flat_ ? to.y - from.y : to.x - from.x;
    slope_ = length_ == 0 ? 0 : static_cast<double>(across) / static_cast<double>(length_);
    low_ = std::min(from.x, to.x);
    high_ = std::max(from.x, to.x);
  }

  // Calls `cross(column, y)` for each column of the image whose middle it crosses, with the place on the grid.
  template <class Cross>
  void find_crossings(int64_t width, const Cross& cross) const {
    const auto [first, end] = columns_between(low_, high_, width);
    for (int64_t column = first; column < end; ++column) {
      const int64_t step = is_flat_ ? grid_before(column) - from_.x : step_before(column);
      if (step < 0 || step >= length_) continue;
      cross(column, is_flat_ ? std::min(across(step), across(step + 1)) : from_.y + step);
    }
  }

 private:
  // Where a step is on the other axis.
  int64_t across(int64_t step) const {
    const auto start = static_cast<double>(is_flat_ ? from_.y : from_.x);
    return static_cast<int64_t>(start + slope_ * static_cast<double>(step) + 0.5);
  }

  // The last step on the near side of the column's middle, of a way that goes down more than aside.
  int64_t step_before(int64_t column) const {
    const auto is_behind = [&](int64_t step) {
      return slope_ > 0 ? across(step) >= grid_behind(column) : across(step) <= grid_before(column);
    };
    int64_t near = 0, far = length_;
    if (is_behind(near) || !is_behind(far)) return -1;
    while (far - near > 1) {
      const int64_t middle = near + (far - near) / 2;
      (is_behind(middle) ? far : near) = middle;
    }
    return near;
  }

  bool is_flat_;
  GridPoint from_{};
  int64_t length_ = 0, low_ = 0, high_ = 0;
  double slope_ = 0;
};

// Where the outline changes sides, in the order of the columns: a place that it crosses twice is none.
class Crossings {
 public:
  Crossings(Columns columns, int64_t height)
      : columns_(columns),
        height_(height),
        is_crossed_(static_cast<std::size_t>((columns.end - columns.first) * height + 1)) {}

  void cross(int64_t column, int64_t y) {
    const double row = (static_cast<double>(y) + 0.5) / kPolygonScale - 0.5;
    const double below = std::ceil(std::clamp(row, 0.0, static_cast<double>(height_)));
    const auto place = static_cast<std::size_t>((column - columns_.first) * height_ + static_cast<int64_t>(below));
    is_crossed_[place] = !is_crossed_[place];
  }

  // Of an image with so many pixels.
  RunLengths runs(int64_t pixels) const {
    RunLengths runs;
    int64_t last = 0;
    const int64_t begin = columns_.first * height_;
    for (std::size_t i = 0; i < is_crossed_.size(); ++i) {
      const int64_t place = begin + static_cast<int64_t>(i);
      if (is_crossed_[i] && place < pixels) runs.push_back(place - std::exchange(last, place));
    }
    if (last < pixels || runs.empty()) runs.push_back(pixels - last);
    return runs;
  }

 private:
  Columns columns_;
  int64_t height_;
  std::vector<bool> is_crossed_;
};

}  // namespace detail

// A polygon of x and y in turn, of at least three corners, in an image of this size. Memory and time go by the image
// and the number of corners, wherever they lie.
inline RunLengths polygon_runs(const std::vector<double>& points, int64_t height, int64_t width) {
  constexpr double kFarthest = 131072;  // pixels: no image is so large
  if (points.size() < 6 || points.size() % 2 != 0) {
    throw Error("a polygon has at least three corners of x and y, this one " + std::to_string(points.size()) +
                " numbers");
  }
  for (const double value : points) {
    if (!(std::abs(value) < kFarthest)) throw Error("a polygon has a corner that lies nowhere near the image");
  }
  const std::vector<detail::GridPoint> corners = detail::to_grid(points);
  const auto [left, right] = std::minmax_element(corners.begin(), corners.end(),
                                                 [](const auto& one, const auto& other) { return one.x < other.x; });
  detail::Crossings crossings(detail::columns_between(left->x, right->x, width), height);
  for (std::size_t i = 1; i < corners.size(); ++i) {
    detail::Edge(corners[i - 1], corners[i]).find_crossings(width, [&](int64_t column, int64_t y) {
      crossings.cross(column, y);
    });
  }
  return crossings.runs(height * width);
}

// COCO's compressed counts: five bits a letter, each but the first three relative to the last but one.
inline RunLengths parse_runs(std::string_view text) {
  RunLengths runs;
  for (std::size_t at = 0; at < text.size();) {
    int64_t value = 0;
    bool more = true;
    for (int shift = 0; more; shift += 5) {
      const int letter = at < text.size() ? text[at++] - 48 : -1;
      if (letter < 0 || letter > 63 || shift > 50) throw Error("compressed run lengths are broken");
      value |= int64_t{letter & 31} << shift;
      more = (letter & 32) != 0;
      if (!more && (letter & 16) != 0) value |= -(int64_t{1} << (shift + 5));
    }
    if (runs.size() > 2) value += runs[runs.size() - 2];
    if (value < 0) throw Error("compressed run lengths are broken: one is negative");
    runs.push_back(value);
  }
  return runs;
}

// Sets the inside of a region to `label` in a picture of rows without padding. Throws where the runs are longer than
// the picture; what they leave out is outside.
inline void paint(const RunLengths& runs, int32_t label, std::vector<int32_t>& picture, int64_t height, int64_t width) {
  int64_t at = 0;
  bool inside = false;
  for (const int64_t run : runs) {
    if (run < 0 || run > height * width - at) {
      throw Error("run lengths are longer than the image of " + std::to_string(width) + " x " + std::to_string(height));
    }
    for (int64_t i = at; inside && i < at + run; ++i) {
      picture[static_cast<std::size_t>(i % height * width + i / height)] = label;
    }
    at += run;
    inside = !inside;
  }
}

// How many pixels are inside.
inline int64_t area_of(const RunLengths& runs) {
  int64_t area = 0;
  for (std::size_t i = 1; i < runs.size(); i += 2) area += runs[i];
  return area;
}

}  // namespace v1
}  // namespace ss

#endif
