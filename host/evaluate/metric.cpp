#include "evaluate/metric.h"

#include <charconv>
#include <limits>

namespace sshost::evaluate {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

constexpr Metric kMetrics[] = {
    {.name = "iou",
     .label = "IoU",
     .help = "TP / (TP + FP + FN) | Jaccard index",
     .of = [](const ClassCounts& c, const MetricOptions&) { return ratio(c.hits, c.hits + c.wrong + c.missed); },
     .is_headline = true},
    {.name = "accuracy",
     .label = "accuracy",
     .help = "TP / (TP + FN) | recall",
     .of = [](const ClassCounts& c, const MetricOptions&) { return ratio(c.hits, c.hits + c.missed); },
     .is_headline = true},
    {.name = "precision",
     .label = "precision",
     .help = "TP / (TP + FP) |",
     .of = [](const ClassCounts& c, const MetricOptions&) { return ratio(c.hits, c.hits + c.wrong); },
     .is_told = false},
    {.name = "dice",
     .label = "Dice",
     .help = "2 TP / (2 TP + FP + FN) |",
     .of = [](const ClassCounts& c,
              const MetricOptions&) { return ratio(2 * c.hits, 2 * c.hits + c.wrong + c.missed); }},
    {.name = "f_score",
     .label = "F",
     .help = "(1 + b^2) TP / ((1 + b^2) TP + b^2 FN + FP) | `evaluate.f_beta` is b, and 1 makes it Dice",
     .of =
         [](const ClassCounts& c, const MetricOptions& options) {
           const double square = options.beta * options.beta;
           return ratio((1 + square) * c.hits, (1 + square) * c.hits + square * c.missed + c.wrong);
         },
     .has_beta = true,
     .is_taken = [](const MetricOptions& options) { return options.beta != 1; }},  // with 1 it is Dice
    {.name = "boundary_iou",
     .label = "boundary IoU",
     .help = "IoU of pixels near the contours | `evaluate.boundary_ratio`, see below",
     .of =
         [](const ClassCounts& c, const MetricOptions&) {
           if (!c.boundary) return kUndefined;
           return ratio(c.boundary->both, c.boundary->truth + c.boundary->predicted - c.boundary->both);
         },
     .is_taken = [](const MetricOptions& options) { return options.boundary_ratio > 0; }},
};

}  // namespace

double ratio(double part, double whole) { return whole == 0 ? kUndefined : part / whole; }

std::span<const Metric> metrics() { return kMetrics; }

bool is_taken(const Metric& metric, const MetricOptions& options) {
  return metric.is_taken == nullptr || metric.is_taken(options);
}

std::string label_of(const Metric& metric, double beta) {
  std::string label(metric.label);
  if (!metric.has_beta) return label;
  char digits[32];
  const auto end = std::to_chars(digits, digits + sizeof digits, beta, std::chars_format::general, 4).ptr;
  return label.append(digits, end);
}

std::string title_of(const Metric& metric, double beta) {
  std::string title = label_of(metric, beta);
  if (title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

double value_of(const MetricValues& values, std::string_view name) {
  const auto found = values.find(name);
  return found == values.end() ? kUndefined : found->second;
}

}  // namespace sshost::evaluate
