#ifndef SSHOST_REPORT_AXIS_H
#define SSHOST_REPORT_AXIS_H

#include <vector>

namespace sshost::report {

// A range of values with round numbers to label it: `ticks` ascend and lie within [low, high].
struct Axis {
  double low = 0;
  double high = 1;
  std::vector<double> ticks;

  // 0 at low, 1 at high.
  double position(double value) const { return (value - low) / (high - low); }
};

// An axis over [low, high], widened to the next round numbers where `widen`, with about `count` labels. A range that is
// empty or not finite becomes [low, low + 1] or [0, 1].
Axis make_axis(double low, double high, int count, bool widen);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_AXIS_H
