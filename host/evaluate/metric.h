#ifndef SSHOST_EVALUATE_METRIC_H
#define SSHOST_EVALUATE_METRIC_H

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sshost::evaluate {

struct MetricOptions {
  double beta = 1;               // of the F-score: how much more recall weighs than precision
  double boundary_ratio = 0.02;  // of the image's diagonal; 0: no boundary IoU
};

// Pixels near contours (BoundaryCounts): of both where both are right, of the truth's, of the prediction's.
struct BoundaryPixels {
  double both = 0;
  double truth = 0;
  double predicted = 0;
};

// What is counted of one class.
struct ClassCounts {
  double hits = 0;    // TP: are it and are called so
  double wrong = 0;   // FP: are not and are called so
  double missed = 0;  // FN: are it and are called otherwise
  std::optional<BoundaryPixels> boundary = {};
};

// part / whole; NaN where that is 0 / 0.
double ratio(double part, double whole);

// One value of each class, and its mean over the classes for which it is defined. All that tells, writes or compares
// scores goes by this.
struct Metric {
  std::string_view name;   // of a class in metrics.jsonl; its mean is "mean_<name>"
  std::string_view label;  // in a sentence; behind it stands beta where the metric has it
  std::string_view help;   // its row in docs/metrics.md: the formula, and what else is to be said of it
  double (*of)(const ClassCounts& counts, const MetricOptions& options);

  bool is_headline = false;  // told after every evaluation, in TensorBoard's files, and where runs are compared
  bool is_told = true;       // on the console, behind the headline; a report has it anyway
  bool has_beta = false;
  bool (*is_taken)(const MetricOptions& options) = nullptr;  // null: always
};

// All of them, in the order in which they are shown: the headlines first.
std::span<const Metric> metrics();

bool is_taken(const Metric& metric, const MetricOptions& options);

// "Boundary IoU", "F2": as a table has it in its head.
std::string title_of(const Metric& metric, double beta);

// "boundary IoU": in a sentence.
std::string label_of(const Metric& metric, double beta);

// By a metric's name; NaN where a value is not defined.
using MetricValues = std::map<std::string, double, std::less<>>;

// NaN where there is none.
double value_of(const MetricValues& values, std::string_view name);

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_METRIC_H
