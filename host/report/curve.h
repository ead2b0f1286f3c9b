#ifndef SSHOST_REPORT_CURVE_H
#define SSHOST_REPORT_CURVE_H

#include <cstddef>
#include <vector>

#include "report/report.h"

namespace sshost::report {

// At most `most` points: neighbours are averaged. Points that are not finite are dropped first.
std::vector<Point> thin_out(const std::vector<Point>& points, size_t most);

// The mean of two exponential moving averages, one from each end, so that the curve does not lag behind its points.
// Each forgets with a time constant of 1/`windows` of all points and is bias-corrected.
std::vector<Point> smooth(const std::vector<Point>& points, double windows);

// The value below which `fraction` of all points lie; 0 where there is none.
double quantile(const std::vector<Point>& points, double fraction);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_CURVE_H
