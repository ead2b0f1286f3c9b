#include "area.h"

#include <sshost/error.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace labelme {

namespace {

struct Edge {
  int64_t top, bottom;  // rows, both included
  int64_t x, y;         // a point on it
  double slope;         // columns a row
};

// Pillow cuts off what is behind the point.
int64_t whole(double value) {
  constexpr double kFarthest = 131072;  // pixels: no image is so large
  if (!(std::abs(value) < kFarthest)) throw ss::Error("a shape has a point that lies nowhere near the image");
  return static_cast<int64_t>(value);
}

// To the nearest one; of halves, away from 0, and towards it.
int64_t half_out(double value) { return static_cast<int64_t>(std::round(value)); }
int64_t half_in(double value) {
  return static_cast<int64_t>(value >= 0 ? std::ceil(value - 0.5) : -std::ceil(-value - 0.5));
}

void add_span(Span span, const PictureSize& size, std::vector<Span>& area) {
  span.first = std::max<int64_t>(span.first, 0);
  span.last = std::min(span.last, size.width - 1);
  if (span.row >= 0 && span.row < size.height && span.first <= span.last) area.push_back(span);
}

// Those that are level are areas of their own.
std::vector<Edge> edges_of(const std::vector<double>& points, const PictureSize& size, std::vector<Span>& area) {
  std::vector<Edge> edges;
  for (std::size_t i = 0; i + 1 < points.size(); i += 2) {
    const std::size_t next = (i + 2) % points.size();
    const int64_t x = whole(points[i]), y = whole(points[i + 1]);
    const int64_t end_x = whole(points[next]), end_y = whole(points[next + 1]);
    if (y == end_y) {
      add_span({y, std::min(x, end_x), std::max(x, end_x)}, size, area);
      continue;
    }
    edges.push_back({std::min(y, end_y), std::max(y, end_y), x, y,
                     static_cast<double>(end_x - x) / static_cast<double>(end_y - y)});
  }
  std::sort(edges.begin(), edges.end(), [](const Edge& one, const Edge& other) { return one.top < other.top; });
  return edges;
}

// Where edges cross the row. One that ends there, and is not the end of all, counts twice: for what is above and below.
std::vector<float> crossings(const std::vector<Edge>& edges, int64_t row, int64_t last_row) {
  std::vector<float> places;
  for (const Edge& edge : edges) {
    const auto place = static_cast<float>(static_cast<double>(row - edge.y) * edge.slope + static_cast<double>(edge.x));
    places.push_back(place);
    if (row == edge.bottom && row < last_row) places.push_back(place);
  }
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace

std::vector<Span> polygon_area(const std::vector<double>& points, const PictureSize& size) {
  std::vector<Span> area;
  const std::vector<Edge> edges = edges_of(points, size, area);
  int64_t last_row = std::numeric_limits<int64_t>::min();
  for (const Edge& edge : edges) last_row = std::max(last_row, edge.bottom);
  std::vector<Edge> active;
  auto next = edges.begin();
  for (int64_t row = 0; row <= std::min(last_row, size.height - 1); ++row) {
    for (; next != edges.end() && next->top <= row; ++next) active.push_back(*next);
    std::erase_if(active, [&](const Edge& edge) { return edge.bottom < row; });
    const std::vector<float> places = crossings(active, row, last_row);
    for (std::size_t i = 1; i < places.size(); i += 2) {
      add_span({row, half_out(places[i - 1]), half_in(places[i])}, size, area);
    }
  }
  return area;
}

std::vector<Span> rectangle_area(const std::vector<double>& points, const PictureSize& size) {
  const auto [left, right] = std::minmax({whole(points[0]), whole(points[2])});
  const auto [top, bottom] = std::minmax({whole(points[1]), whole(points[3])});
  std::vector<Span> area;
  const int64_t end = std::min(bottom, size.height - 1);
  for (int64_t row = std::max<int64_t>(top, 0); row <= end; ++row) add_span({row, left, right}, size, area);
  return area;
}

std::vector<Span> circle_area(const std::vector<double>& points, const PictureSize& size) {
  constexpr double kOutline = 0.4;  // of a pixel: where the steps of Pillow's outline lie
  const double radius = std::hypot(points[2] - points[0], points[3] - points[1]);
  const int64_t left = whole(points[0] - radius), right = whole(points[0] + radius);
  const int64_t top = whole(points[1] - radius), bottom = whole(points[1] + radius);
  const double middle = static_cast<double>(left + right) / 2, centre = static_cast<double>(top + bottom) / 2;
  const double wide = static_cast<double>(right - left) / 2 + kOutline;
  const double high = static_cast<double>(bottom - top) / 2 + kOutline;
  std::vector<Span> area;
  const int64_t end = std::min(bottom, size.height - 1);
  for (int64_t row = std::max<int64_t>(top, 0); row <= end; ++row) {
    const double away = (static_cast<double>(row) - centre) / high;
    const double half = wide * std::sqrt(std::max(0.0, 1 - away * away));
    add_span({row, static_cast<int64_t>(std::ceil(middle - half)), static_cast<int64_t>(std::floor(middle + half))},
             size, area);
  }
  return area;
}

}  // namespace labelme
