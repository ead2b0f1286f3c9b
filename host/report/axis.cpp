#include "report/axis.h"

#include <cmath>

namespace sshost::report {
namespace {

// 1, 2 or 5 times a power of ten: the largest that gives at least `count` steps, nearly.
double round_step(double range, int count) {
  const double rough = range / count;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  const double ratio = rough / power;
  return power * (ratio < 1.5 ? 1 : ratio < 3.5 ? 2 : ratio < 7.5 ? 5 : 10);
}

}  // namespace

Axis make_axis(double low, double high, int count, bool widen) {
  if (!std::isfinite(low) || !std::isfinite(high)) low = 0, high = 1;
  // Where the values are alike, a range that their rounding errors would not fill.
  if (high - low <= 1e-12 * std::fmax(std::fabs(low), std::fabs(high))) high = low + std::fmax(1, std::fabs(low));
  const double step = round_step(high - low, count);
  constexpr double kSlack = 1e-9;  // a bound that is a round number but for its rounding
  Axis axis{low, high, {}};
  if (widen) {
    axis.low = std::floor(low / step + kSlack) * step;
    axis.high = std::ceil(high / step - kSlack) * step;
  }
  const auto first = std::llround(std::ceil(axis.low / step - kSlack));
  const auto last = std::llround(std::floor(axis.high / step + kSlack));
  for (auto i = first; i <= last; ++i) axis.ticks.push_back(static_cast<double>(i) * step);
  return axis;
}

}  // namespace sshost::report
