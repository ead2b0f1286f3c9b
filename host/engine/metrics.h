#ifndef SSHOST_ENGINE_METRICS_H
#define SSHOST_ENGINE_METRICS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace sshost::engine {

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

  // int64 [classes, classes] on the CPU: row = true class, column = predicted class.
  at::Tensor counts() const;

 private:
  int64_t classes_;
  at::Tensor counts_;  // [classes * classes]; undefined until the first batch
};

struct ClassMetrics {
  int64_t pixels = 0;   // of the class, in the labels
  double iou = 0;       // TP / (TP + FP + FN); NaN where that is 0 / 0
  double accuracy = 0;  // TP / (TP + FN); NaN where that is 0 / 0
};

struct Metrics {
  std::vector<ClassMetrics> classes;
  double mean_iou = 0;        // over the classes whose union is not empty
  double mean_accuracy = 0;   // over the classes that the labels hold
  double pixel_accuracy = 0;  // NaN, as the means, where there is no pixel
  int64_t pixels = 0;
};

// From int64 [K, K] counts on the CPU, laid out as ConfusionMatrix::counts.
Metrics compute_metrics(const at::Tensor& counts);

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_METRICS_H
