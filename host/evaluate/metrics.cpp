#include "evaluate/metrics.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/bincount.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"

namespace sshost::evaluate {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

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

double mean_of(const std::vector<ClassMetrics>& classes, std::string_view name) {
  Mean mean;
  for (const ClassMetrics& entry : classes) mean.add(entry.at(name));
  return mean.value();
}

MeanIous mean_ious_of(const std::vector<ClassMetrics>& classes) {
  Mean with_union, with_truth, empty_as_one, empty_as_zero;
  for (const ClassMetrics& entry : classes) {
    const double iou = entry.at("iou");
    const bool is_empty = std::isnan(iou);
    with_union.add(iou);
    with_truth.add(entry.pixels > 0 ? iou : kUndefined);
    empty_as_one.add(is_empty ? 1 : iou);
    empty_as_zero.add(is_empty ? 0 : iou);
  }
  return {with_union.value(), with_truth.value(), empty_as_one.value(), empty_as_zero.value()};
}

ClassMetrics metrics_of_class(const ClassCounts& counts, double beta) {
  ClassMetrics metrics;
  metrics.pixels = static_cast<int64_t>(counts.hits + counts.missed);
  for (const Metric& metric : evaluate::metrics()) {
    metrics.values.emplace(metric.name, metric.of(counts, {.beta = beta}));
  }
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

namespace {

// hits, and pixels that are of the class or called so, of each class; `right` of `all` decisions.
ImageScore score_of(const at::Tensor& hits, const at::Tensor& united, const at::Tensor& right, const at::Tensor& all) {
  ImageScore score{kUndefined, kUndefined, all.item<int64_t>()};
  if (score.pixels == 0) return score;
  const at::Tensor is_there = united.gt(0);
  const at::Tensor ious = hits.masked_select(is_there).to(at::kDouble) / united.masked_select(is_there);
  if (ious.numel() > 0) score.mean_iou = ious.mean().item<double>();
  score.pixel_accuracy = right.item<double>() / static_cast<double>(score.pixels);
  return score;
}

}  // namespace

ImageScore score_image(const at::Tensor& confusion) {
  const at::Tensor hits = confusion.diagonal();
  return score_of(hits, confusion.sum(0) + confusion.sum(1) - hits, hits.sum(), confusion.sum());
}

ImageScore score_outputs(const at::Tensor& counts) {
  const at::Tensor united = counts[1] + counts[2] - counts[0];
  const at::Tensor right = counts[3] - (united - counts[0]);
  ImageScore score = score_of(counts[0], united, right.sum(), counts[3].sum());
  score.pixels = counts[3].max().item<int64_t>();
  return score;
}

void OutputCounts::add(const at::Tensor& masks, const at::Tensor& targets) {
  if (masks.sizes() != targets.sizes()) {
    throw Error(c10::str("masks and targets differ in shape: ", masks.sizes(), " and ", targets.sizes()));
  }
  const at::Tensor truth = targets.to(masks.device());
  const at::Tensor own = truth.eq(1);
  const at::Tensor known = own.logical_or(truth.eq(0));
  const auto count = [](const at::Tensor& pixels) { return pixels.flatten(1).sum(1); };
  const at::Tensor counts =
      at::stack({count(masks.logical_and(own)), count(own), count(masks.logical_and(known)), count(known)});
  counts_ = counts_.defined() ? counts_ + counts : counts;
}

void OutputCounts::add(const OutputCounts& other) {
  if (other.counts_.defined()) counts_ = counts_.defined() ? counts_ + other.counts_ : other.counts_;
}

at::Tensor OutputCounts::counts() const {
  return counts_.defined() ? counts_.cpu() : at::zeros({4, outputs_}, at::kLong);
}

namespace {

// What is counted of each class, on the CPU: int64 [classes] each.
struct Counted {
  at::Tensor hits;
  at::Tensor pixels;     // of the class
  at::Tensor predicted;  // as the class
  at::Tensor boundary;   // as BoundaryCounts::counts, or undefined

  ClassCounts of(int64_t i) const {
    const auto at = [i](const at::Tensor& counts) { return static_cast<double>(counts[i].item<int64_t>()); };
    ClassCounts counts{at(hits), at(predicted) - at(hits), at(pixels) - at(hits)};
    if (boundary.defined()) counts.boundary = {at(boundary[0]), at(boundary[1]), at(boundary[2])};
    return counts;
  }
};

Metrics metrics_of(const Counted& counted, double beta) {
  Metrics metrics;
  metrics.beta = beta;
  for (int64_t i = 0; i < counted.hits.size(0); ++i) {
    metrics.classes.push_back(metrics_of_class(counted.of(i), beta));
  }
  for (const Metric& metric : evaluate::metrics()) {
    metrics.means.emplace(metric.name, mean_of(metrics.classes, metric.name));
  }
  metrics.mean_ious = mean_ious_of(metrics.classes);
  metrics.mean_iou = metrics.mean("iou");
  return metrics;
}

void set_pixels(Metrics& metrics, const at::Tensor& known, const at::Tensor& right) {
  metrics.pixels = known.item<int64_t>();
  metrics.pixel_accuracy = ratio(static_cast<double>(right.item<int64_t>()), static_cast<double>(metrics.pixels));
}

}  // namespace

Metrics compute_metrics(const at::Tensor& confusion, double beta, const at::Tensor& boundary) {
  const Counted counts{confusion.diagonal(), confusion.sum(1), confusion.sum(0), boundary};
  Metrics metrics = metrics_of(counts, beta);
  set_pixels(metrics, counts.pixels.sum(), counts.hits.sum());
  for (ClassMetrics& entry : metrics.classes) entry.known = metrics.pixels;
  return metrics;
}

Metrics compute_output_metrics(const at::Tensor& counts, double beta, const at::Tensor& boundary) {
  const Counted of_class{counts[0], counts[1], counts[2], boundary};
  Metrics metrics = metrics_of(of_class, beta);
  const at::Tensor wrong = of_class.pixels + of_class.predicted - 2 * of_class.hits;
  set_pixels(metrics, counts[3].sum(), (counts[3] - wrong).sum());
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    metrics.classes[i].known = counts[3][static_cast<int64_t>(i)].item<int64_t>();
  }
  return metrics;
}

}  // namespace sshost::evaluate
