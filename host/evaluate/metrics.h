#ifndef SSHOST_EVALUATE_METRICS_H
#define SSHOST_EVALUATE_METRICS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "evaluate/metric.h"

namespace sshost::evaluate {

// Counts of (true class, predicted class) over pixels: all that the metrics need, however many images there are.
// The counts are int64 and live on the device of the first batch; `counts` brings them to the CPU.
// Threads: one at a time.
class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int64_t classes) : classes_(classes) {}

  // Adds the pixels of integer tensors of one shape. A label outside [0, classes) is ignored; a prediction has to be
  // inside (Error).
  void add(const at::Tensor& predicted, const at::Tensor& labels);

  int64_t classes() const { return classes_; }

  // Adds what another matrix of as many classes counted.
  void add(const ConfusionMatrix& other);

  // int64 [classes, classes] on the CPU: row = true class, column = predicted class.
  at::Tensor counts() const;

 private:
  int64_t classes_;
  at::Tensor counts_;  // [classes * classes]; undefined until the first batch
};

// Of one class.
struct ClassMetrics {
  int64_t pixels = 0;   // of the class, in the labels
  int64_t known = 0;    // pixels of which the labels tell whether they are of the class
  MetricValues values;  // of all metrics()
  double at(std::string_view name) const { return value_of(values, name); }
};

// The mean of the classes' IoU as others take it. They part where a class is in no label of the split, or in no
// prediction either; docs/metrics.md tells who takes which.
struct MeanIous {
  double with_union = 0;     // classes that labels or predictions hold
  double with_truth = 0;     // classes that labels hold
  double empty_as_one = 0;   // all classes; 1 for one that neither holds
  double empty_as_zero = 0;  // all classes; 0 for one that neither holds
};

// Means are taken over the classes for which a value is defined, and are NaN where it is for none.
struct Metrics {
  std::vector<ClassMetrics> classes;
  MetricValues means;         // of all metrics()
  double mean_iou = 0;        // that of "iou", which tells the best checkpoint
  double pixel_accuracy = 0;  // NaN where there is no pixel
  MeanIous mean_ious;
  double beta = 1;     // of the F-score: how much more recall weighs than precision
  int64_t pixels = 0;  // that are labelled; of independent outputs for each of them
  double mean(std::string_view name) const { return value_of(means, name); }
};

// Of one image alone; NaN where none of its pixels counts.
struct ImageScore {
  double mean_iou = 0;  // over the classes that its labels or its prediction hold
  double pixel_accuracy = 0;
  int64_t pixels = 0;  // those that count
};

// The only class that the labels hold, where there is but one: whoever always says it is right, and no mean says much.
std::optional<size_t> only_labelled_class(const Metrics& metrics);

// What is right and wrong of independent outputs, each by itself, however many images there are.
// Threads: one at a time.
class OutputCounts {
 public:
  explicit OutputCounts(int64_t outputs) : outputs_(outputs) {}

  // masks: bool [outputs, h, w]; targets of the same shape: 1, 0, or anything else where it is not known.
  void add(const at::Tensor& masks, const at::Tensor& targets);
  void add(const OutputCounts& other);

  // int64 [4, outputs] on the CPU: pixels that are it and are called so, that are it, that are called so, that are known.
  at::Tensor counts() const;

 private:
  int64_t outputs_;
  at::Tensor counts_;  // undefined until the first image
};

// Of one image's counts, as OutputCounts::counts.
ImageScore score_outputs(const at::Tensor& counts);

// counts as OutputCounts::counts; boundary as BoundaryCounts::counts, or undefined. The pixel accuracy is the share of all
// decisions, one for each pixel and output, that are right.
Metrics compute_output_metrics(const at::Tensor& counts, double beta = 1, const at::Tensor& boundary = {});

// confusion: int64 [K, K] on the CPU, laid out as ConfusionMatrix::counts; boundary: as BoundaryCounts::counts, or
// undefined.
ImageScore score_image(const at::Tensor& confusion);
Metrics compute_metrics(const at::Tensor& confusion, double beta = 1, const at::Tensor& boundary = {});

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_METRICS_H
