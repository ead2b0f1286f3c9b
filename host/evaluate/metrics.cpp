#include "evaluate/metrics.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"

namespace sshost::evaluate {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double ratio(double part, double whole) { return whole == 0 ? kUndefined : part / whole; }

// The mean of what is defined; NaN where nothing is.
class Mean {
 public:
  void add(double value) {
    if (std::isnan(value)) return;
    sum_ += value;
    ++count_;
  }
  double value() const { return ratio(sum_, count_); }

 private:
  double sum_ = 0;
  double count_ = 0;
};

double mean_of(const std::vector<ClassMetrics>& classes, double ClassMetrics::*value) {
  Mean mean;
  for (const ClassMetrics& entry : classes) mean.add(entry.*value);
  return mean.value();
}

MeanIous mean_ious_of(const std::vector<ClassMetrics>& classes) {
  Mean with_union, with_truth, empty_as_one, empty_as_zero;
  for (const ClassMetrics& entry : classes) {
    const bool is_empty = std::isnan(entry.iou);
    with_union.add(entry.iou);
    with_truth.add(entry.pixels > 0 ? entry.iou : kUndefined);
    empty_as_one.add(is_empty ? 1 : entry.iou);
    empty_as_zero.add(is_empty ? 0 : entry.iou);
  }
  return {with_union.value(), with_truth.value(), empty_as_one.value(), empty_as_zero.value()};
}

ClassMetrics metrics_of_class(int64_t hits, int64_t pixels, int64_t predicted, double beta) {
  const auto tp = static_cast<double>(hits);
  const auto fn = static_cast<double>(pixels - hits);
  const auto fp = static_cast<double>(predicted - hits);
  const double square = beta * beta;
  ClassMetrics metrics;
  metrics.pixels = pixels;
  metrics.iou = ratio(tp, tp + fp + fn);
  metrics.accuracy = ratio(tp, tp + fn);
  metrics.precision = ratio(tp, tp + fp);
  metrics.dice = ratio(2 * tp, 2 * tp + fp + fn);
  metrics.f_score = ratio((1 + square) * tp, (1 + square) * tp + square * fn + fp);
  metrics.boundary_iou = kUndefined;
  return metrics;
}

}  // namespace

std::optional<size_t> only_labelled_class(const Metrics& metrics) {
  std::optional<size_t> only;
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    if (metrics.classes[i].pixels == 0) continue;
    if (only) return std::nullopt;
    only = i;
  }
  return only;
}

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

void ConfusionMatrix::add(const ConfusionMatrix& other) {
  if (!other.counts_.defined()) return;
  counts_ = counts_.defined() ? counts_ + other.counts_ : other.counts_;
}

at::Tensor ConfusionMatrix::counts() const {
  if (!counts_.defined()) return at::zeros({classes_, classes_}, at::kLong);
  return counts_.cpu().view({classes_, classes_});
}

ImageScore score_image(const at::Tensor& confusion) {
  const at::Tensor hits = confusion.diagonal();
  const at::Tensor united = confusion.sum(0) + confusion.sum(1) - hits;
  const at::Tensor is_there = united.gt(0);
  const at::Tensor ious = hits.masked_select(is_there).to(at::kDouble) / united.masked_select(is_there);
  ImageScore score{kUndefined, kUndefined, confusion.sum().item<int64_t>()};
  if (score.pixels == 0) return score;
  score.mean_iou = ious.mean().item<double>();
  score.pixel_accuracy = hits.sum().item<double>() / static_cast<double>(score.pixels);
  return score;
}

Metrics compute_metrics(const at::Tensor& confusion, double beta, const at::Tensor& boundary) {
  const at::Tensor true_pixels = confusion.sum(1);
  const at::Tensor predicted_pixels = confusion.sum(0);
  Metrics metrics;
  metrics.beta = beta;
  int64_t correct = 0;
  for (int64_t i = 0; i < confusion.size(0); ++i) {
    const auto hits = confusion[i][i].item<int64_t>();
    const auto pixels = true_pixels[i].item<int64_t>();
    metrics.classes.push_back(metrics_of_class(hits, pixels, predicted_pixels[i].item<int64_t>(), beta));
    metrics.pixels += pixels;
    correct += hits;
    if (!boundary.defined()) continue;
    const auto both = boundary[0][i].item<int64_t>();
    const int64_t united = boundary[1][i].item<int64_t>() + boundary[2][i].item<int64_t>() - both;
    metrics.classes.back().boundary_iou = ratio(static_cast<double>(both), static_cast<double>(united));
  }
  metrics.mean_ious = mean_ious_of(metrics.classes);
  metrics.mean_iou = metrics.mean_ious.with_union;
  metrics.mean_accuracy = mean_of(metrics.classes, &ClassMetrics::accuracy);
  metrics.mean_precision = mean_of(metrics.classes, &ClassMetrics::precision);
  metrics.mean_dice = mean_of(metrics.classes, &ClassMetrics::dice);
  metrics.mean_f_score = mean_of(metrics.classes, &ClassMetrics::f_score);
  metrics.mean_boundary_iou = mean_of(metrics.classes, &ClassMetrics::boundary_iou);
  metrics.pixel_accuracy = ratio(static_cast<double>(correct), static_cast<double>(metrics.pixels));
  return metrics;
}

}  // namespace sshost::evaluate
