#ifndef SSHOST_REPORT_REPORT_H
#define SSHOST_REPORT_REPORT_H

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <opencv2/core.hpp>
#include <optional>
#include <string>
#include <vector>

#include "evaluate/metric.h"

namespace sshost::report {

struct Point {
  double step;
  double value;  // a point that is not finite is left out of the curve
};

struct Series {
  std::string name;
  std::vector<Point> points;  // ascending steps
};

// How a training went.
struct TrainingHistory {
  std::vector<Series> losses;  // the total first, then its terms
  Series learning_rate;
  Series mean_iou;  // in [0, 1]; empty where it was not evaluated while training
  int64_t steps = 0;
  double step_seconds = 0;                 // median
  double images_per_second = 0;            // by the median
  std::vector<int64_t> class_pixels = {};  // of each class in the labels that were trained on; empty: not counted
  int64_t ignored_pixels = 0;
};

inline constexpr double kNotKnown = std::numeric_limits<double>::quiet_NaN();

struct ClassScore {
  std::string name;
  std::array<uint8_t, 3> color;        // RGB
  double iou = 0;                      // in [0, 1]; NaN where neither labels nor predictions hold the class
  double accuracy = 0;                 // in [0, 1]; NaN where the labels do not hold the class
  int64_t pixels = 0;                  // of the class, in the labels
  evaluate::MetricValues values = {};  // of all metrics, in [0, 1]; NaN where one is not defined
  int64_t known = 0;  // pixels of which the labels tell whether they are of the class; 0: all that any class has
};

// The mean of the classes' IoU as others take it.
struct MeanIous {
  double with_union = kNotKnown;     // of the classes that labels or predictions hold
  double with_truth = kNotKnown;     // of the classes that labels hold
  double empty_as_one = kNotKnown;   // of all; 1 for one that neither holds
  double empty_as_zero = kNotKnown;  // of all; 0 for one that neither holds
};

// One evaluation. Means that are not defined, or that the run did not take, are NaN.
struct Scores {
  double mean_iou = 0;  // in [0, 1], as all that follow
  double mean_accuracy = 0;
  double pixel_accuracy = 0;
  int64_t images = 0;
  double seconds = 0;
  std::vector<ClassScore> classes;
  evaluate::MetricValues means = {};  // of all metrics
  double beta = 1;                    // of the F-score
  MeanIous mean_ious = {};
  std::vector<std::vector<int64_t>> confusion = {};  // pixels by true class, then by predicted class; may be empty
  int64_t ignored_pixels = 0;                        // of the labels: they are no class
  bool of_one_class = false;                         // the labels hold no other: whoever always says it is right
};

// One image beside its labels and the model's answer.
struct Comparison {
  std::string id;
  cv::Mat image;           // CV_8UC3, RGB
  cv::Mat truth;           // CV_32S of the image's size: a class, or anything else where it is ignored; may be empty
  cv::Mat prediction;      // CV_32S of the image's size
  std::string group = {};  // stands above the first of several: "The worst"
  double mean_iou = kNotKnown;  // of this image alone
};

// One image of an evaluation.
struct ImageRow {
  std::string id;
  double mean_iou = kNotKnown;  // in [0, 1], as the next; NaN where no pixel counts
  double pixel_accuracy = kNotKnown;
};

struct Fact {
  std::string name;
  std::string value;
};

struct PluginRow {
  std::string name;
  std::string version;
  std::string offers;  // "head psp, head fcn"
  std::string path;
};

// All that a report shows; an empty part is left out.
struct Report {
  std::string title;
  std::string subtitle;     // one line: when, where, how it ended
  std::vector<Fact> facts;  // the figures at the top, after those of the history and the scores
  std::optional<TrainingHistory> history;
  std::optional<Scores> scores;
  std::vector<ClassScore> classes;  // the palette of `comparisons`: class i has the colour of element i
  std::vector<Comparison> comparisons;
  std::vector<ImageRow> images;   // all that were evaluated, the worst first
  std::string pipeline;           // YAML
  std::vector<Fact> environment;  // versions, machine
  std::vector<PluginRow> plugins;
};

// The report as one HTML file that needs nothing else: styles, curves and images are inside.
std::string to_html(const Report& report);

// Writes it under a temporary name and renames it. Throws Error with the path.
void write_report(const std::filesystem::path& path, const Report& report);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_REPORT_H
