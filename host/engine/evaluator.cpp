#include "engine/evaluator.h"

#include <ATen/ATen.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "engine/boundary_counts.h"
#include "error.h"

namespace sshost::engine {
namespace {

using Clock = std::chrono::steady_clock;

std::vector<ImageSize> sizes_of(const std::vector<at::Tensor>& labels) {
  std::vector<ImageSize> sizes;
  for (const at::Tensor& label : labels) sizes.push_back({label.size(0), label.size(1)});
  return sizes;
}

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

}  // namespace

std::optional<Evaluation> evaluate(Inference& inference, data::Loader& loader, int64_t classes, int64_t total_images,
                                   EvaluationObserver& observer, const std::atomic<bool>& stop,
                                   const MetricOptions& options) {
  const auto begin = Clock::now();
  ConfusionMatrix confusion(classes);
  BoundaryCounts boundary(classes, options.boundary_ratio);
  const bool counts_boundary = options.boundary_ratio > 0;
  int64_t done = 0;
  loader.start(1);
  while (const auto batch = loader.next()) {
    if (stop) return std::nullopt;
    if (batch->original_labels.size() != batch->ids.size()) {
      throw Error("cannot evaluate \"" + batch->ids.front() + "\": it has no label");
    }
    inference.run(batch->images, sizes_of(batch->original_labels), [&](int64_t n, const at::Tensor& scores) {
      const auto index = static_cast<size_t>(n);
      const at::Tensor& label = batch->original_labels[index];
      const at::Tensor prediction = Inference::classes_of(scores);
      confusion.add(prediction, label);
      const at::Tensor on_cpu = prediction.cpu();
      if (counts_boundary) boundary.add(on_cpu, label);
      ++done;
      observer.on_image(
          {batch->indices[index], batch->ids[index], on_cpu, label, done, total_images, seconds_since(begin)});
    });
  }
  const at::Tensor near_contours = counts_boundary ? boundary.counts() : at::Tensor();
  return Evaluation{compute_metrics(confusion.counts(), options.beta, near_contours), done, seconds_since(begin)};
}

nlohmann::json to_json(const Evaluation& evaluation, const std::vector<data::Class>& classes, int64_t step) {
  const Metrics& metrics = evaluation.metrics;
  nlohmann::json per_class = nlohmann::json::array();
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    const ClassMetrics& entry = metrics.classes[i];
    per_class.push_back({{"name", i < classes.size() ? classes[i].name : std::to_string(i)},
                         {"iou", entry.iou},
                         {"accuracy", entry.accuracy},
                         {"precision", entry.precision},
                         {"dice", entry.dice},
                         {"f_score", entry.f_score},
                         {"boundary_iou", entry.boundary_iou},
                         {"pixels", entry.pixels}});
  }
  return {{"kind", "evaluate"},
          {"step", step},
          {"mean_iou", metrics.mean_iou},
          {"mean_accuracy", metrics.mean_accuracy},
          {"pixel_accuracy", metrics.pixel_accuracy},
          {"mean_precision", metrics.mean_precision},
          {"mean_dice", metrics.mean_dice},
          {"mean_f_score", metrics.mean_f_score},
          {"beta", metrics.beta},
          {"mean_boundary_iou", metrics.mean_boundary_iou},
          {"mean_ious",
           {{"with_union", metrics.mean_ious.with_union},
            {"with_truth", metrics.mean_ious.with_truth},
            {"empty_as_one", metrics.mean_ious.empty_as_one},
            {"empty_as_zero", metrics.mean_ious.empty_as_zero}}},
          {"images", evaluation.images},
          {"seconds", evaluation.seconds},
          {"classes", per_class}};
}

}  // namespace sshost::engine
