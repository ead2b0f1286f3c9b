#ifndef SSHOST_REPORT_CHART_H
#define SSHOST_REPORT_CHART_H

#include <string>
#include <vector>

#include "report/report.h"

namespace sshost::report {

struct Chart {
  std::string title;
  std::vector<Series> series;  // drawn in the style's colours, one after the other
  double scale = 1;            // values are multiplied by it: 100 for percent
  std::string unit = {};       // behind a value: " %"
  bool from_zero = true;       // the value axis begins at 0
  bool noisy = false;          // a smoothed curve over a pale raw one, and single spikes do not set the scale
  int width = 1120;            // of the drawing, in its own units
  int height = 320;
};

// A <figure> with a title, a legend, and the curves as inline SVG with labelled axes over training steps. Colours come
// from the page's style (classes s0, s1, ...); the page's script reads the values under the pointer from it.
std::string to_html(const Chart& chart);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_CHART_H
