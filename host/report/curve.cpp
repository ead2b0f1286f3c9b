#include "report/curve.h"

#include <algorithm>
#include <cmath>

namespace sshost::report {

std::vector<Point> thin_out(const std::vector<Point>& points, size_t most) {
  std::vector<Point> finite;
  for (const Point& point : points) {
    if (std::isfinite(point.value) && std::isfinite(point.step)) finite.push_back(point);
  }
  if (finite.size() <= most) return finite;
  std::vector<Point> thin;
  for (size_t i = 0; i < most; ++i) {
    const size_t begin = i * finite.size() / most, end = (i + 1) * finite.size() / most;
    Point mean{0, 0};
    for (size_t k = begin; k < end; ++k) mean.step += finite[k].step, mean.value += finite[k].value;
    const auto count = static_cast<double>(end - begin);
    thin.push_back({mean.step / count, mean.value / count});
  }
  return thin;
}

std::vector<Point> smooth(const std::vector<Point>& points, double windows) {
  const double keep = std::exp(-windows / std::max<double>(windows, static_cast<double>(points.size())));
  std::vector<Point> result;
  double sum = 0, weight = 0;
  for (const Point& point : points) {
    sum = keep * sum + (1 - keep) * point.value;
    weight = keep * weight + (1 - keep);
    result.push_back({point.step, sum / weight});
  }
  return result;
}

double quantile(const std::vector<Point>& points, double fraction) {
  if (points.empty()) return 0;
  std::vector<double> values;
  for (const Point& point : points) values.push_back(point.value);
  const auto at = static_cast<size_t>(std::llround(fraction * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at), values.end());
  return values[at];
}

}  // namespace sshost::report
