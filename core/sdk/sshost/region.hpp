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

// Every grid point of the way from one corner to the next, both included.
inline void add_line(GridPoint from, GridPoint to, std::vector<GridPoint>& line) {
  const int64_t dx = std::abs(to.x - from.x), dy = std::abs(to.y - from.y);
  const bool flat = dx >= dy;
  const bool flip = flat ? from.x > to.x : from.y > to.y;
  if (flip) std::swap(from, to);
  const int64_t length = std::max(dx, dy);
  const double slope =
      length == 0 ? 0 : static_cast<double>(flat ? to.y - from.y : to.x - from.x) / static_cast<double>(length);
  for (int64_t step = 0; step <= length; ++step) {
    const int64_t at = flip ? length - step : step;
    const double start = static_cast<double>(flat ? from.y : from.x);
    const auto across = static_cast<int64_t>(start + slope * static_cast<double>(at) + 0.5);
    line.push_back(flat ? GridPoint{from.x + at, across} : GridPoint{across, from.y + at});
  }
}

// Where the outline crosses the middle of a column, as positions in column order.
inline std::vector<int64_t> crossings(const std::vector<GridPoint>& outline, int64_t height, int64_t width) {
  std::vector<int64_t> positions;
  for (std::size_t i = 1; i < outline.size(); ++i) {
    const GridPoint &point = outline[i], &before = outline[i - 1];
    if (point.x == before.x) continue;
    const double x = (static_cast<double>(point.x < before.x ? point.x : point.x - 1) + 0.5) / kPolygonScale - 0.5;
    if (std::floor(x) != x || x < 0 || x > static_cast<double>(width - 1)) continue;
    const double y = (static_cast<double>(std::min(point.y, before.y)) + 0.5) / kPolygonScale - 0.5;
    const double row = std::ceil(std::clamp(y, 0.0, static_cast<double>(height)));
    positions.push_back(static_cast<int64_t>(x) * height + static_cast<int64_t>(row));
  }
  positions.push_back(height * width);
  std::sort(positions.begin(), positions.end());
  return positions;
}

}  // namespace detail

// A polygon of x and y in turn, of at least three corners, in an image of this size.
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
  std::vector<detail::GridPoint> outline;
  for (std::size_t i = 1; i < corners.size(); ++i) detail::add_line(corners[i - 1], corners[i], outline);
  RunLengths runs;
  int64_t last = 0;
  bool joins = false;  // two crossings in one place are none: what is before and behind is one run
  for (const int64_t position : detail::crossings(outline, height, width)) {
    const int64_t run = position - std::exchange(last, position);
    if (joins) {
      runs.back() += run;
      joins = false;
    } else if (run > 0 || runs.empty()) {
      runs.push_back(run);
    } else {
      joins = true;
    }
  }
  return runs;
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
