#include "engine/metrics.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <string>

#include "error.h"

namespace sshost::engine {
namespace {

double ratio(int64_t part, int64_t whole) {
  if (whole == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(part) / static_cast<double>(whole);
}

// The mean of what is defined; NaN where nothing is.
template <typename Value>
double mean_of(const std::vector<ClassMetrics>& classes, Value value) {
  double sum = 0;
  int64_t defined = 0;
  for (const ClassMetrics& entry : classes) {
    if (std::isnan(value(entry))) continue;
    sum += value(entry);
    ++defined;
  }
  return defined == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(defined);
}

}  // namespace

void ConfusionMatrix::add(const at::Tensor& predicted, const at::Tensor& labels) {
  if (predicted.sizes() != labels.sizes()) {
    throw Error(c10::str("confusion matrix: predictions and labels differ in shape: ", predicted.sizes(), " and ",
                         labels.sizes()));
  }
  if (predicted.numel() == 0) return;
  const auto [least, most] = predicted.aminmax();
  if (least.item<int64_t>() < 0 || most.item<int64_t>() >= classes_) {
    throw Error("confusion matrix: a prediction is outside [0, " + std::to_string(classes_) + ")");
  }
  const at::Tensor truth = labels.to(predicted.device(), at::kLong);
  const at::Tensor valid = at::logical_and(truth.ge(0), truth.lt(classes_));
  const at::Tensor cells = (truth * classes_ + predicted.to(at::kLong)).masked_select(valid);
  const at::Tensor counts = at::bincount(cells, {}, classes_ * classes_);
  counts_ = counts_.defined() ? counts_ + counts : counts;
}

at::Tensor ConfusionMatrix::counts() const {
  if (!counts_.defined()) return at::zeros({classes_, classes_}, at::kLong);
  return counts_.cpu().view({classes_, classes_});
}

Metrics compute_metrics(const at::Tensor& counts) {
  const at::Tensor true_pixels = counts.sum(1);
  const at::Tensor predicted_pixels = counts.sum(0);
  Metrics metrics;
  int64_t correct = 0;
  for (int64_t i = 0; i < counts.size(0); ++i) {
    const auto hits = counts[i][i].item<int64_t>();
    const auto pixels = true_pixels[i].item<int64_t>();
    const int64_t united = pixels + predicted_pixels[i].item<int64_t>() - hits;
    metrics.classes.push_back({pixels, ratio(hits, united), ratio(hits, pixels)});
    metrics.pixels += pixels;
    correct += hits;
  }
  metrics.mean_iou = mean_of(metrics.classes, [](const ClassMetrics& entry) { return entry.iou; });
  metrics.mean_accuracy = mean_of(metrics.classes, [](const ClassMetrics& entry) { return entry.accuracy; });
  metrics.pixel_accuracy = ratio(correct, metrics.pixels);
  return metrics;
}

}  // namespace sshost::engine
