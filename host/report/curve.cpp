#include "report/curve.h"

#include <algorithm>
#include <cmath>

namespace sshost::report {
namespace {

// The exponential moving average in place.
void average(std::vector<double>& values, double keep) {
  double sum = 0, weight = 0;
  for (double& value : values) {
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    value = sum / weight;
  }
}

}  // namespace

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
  std::vector<double> forward, backward;
  for (const Point& point : points) forward.push_back(point.value);
  backward.assign(forward.rbegin(), forward.rend());
  average(forward, keep);
  average(backward, keep);
  std::vector<Point> result = points;
  for (size_t i = 0; i < result.size(); ++i) result[i].value = (forward[i] + backward[result.size() - 1 - i]) / 2;
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
