#include "engine/evaluator.h"

#include <ATen/ATen.h>

#include <chrono>
#include <nlohmann/json.hpp>

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
                                   EvaluationObserver& observer, const std::atomic<bool>& stop) {
  const auto begin = Clock::now();
  ConfusionMatrix confusion(classes);
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
      ++done;
      observer.on_image({batch->indices[index], batch->ids[index], prediction.cpu(), label, done, total_images,
                         seconds_since(begin)});
    });
  }
  return Evaluation{compute_metrics(confusion.counts()), done, seconds_since(begin)};
}

nlohmann::json to_json(const Evaluation& evaluation, const std::vector<data::Class>& classes, int64_t step) {
  nlohmann::json per_class = nlohmann::json::array();
  for (size_t i = 0; i < evaluation.metrics.classes.size(); ++i) {
    const ClassMetrics& entry = evaluation.metrics.classes[i];
    per_class.push_back({{"name", i < classes.size() ? classes[i].name : std::to_string(i)},
                         {"iou", entry.iou},
                         {"accuracy", entry.accuracy},
                         {"pixels", entry.pixels}});
  }
  return {{"kind", "evaluate"},
          {"step", step},
          {"mean_iou", evaluation.metrics.mean_iou},
          {"mean_accuracy", evaluation.metrics.mean_accuracy},
          {"pixel_accuracy", evaluation.metrics.pixel_accuracy},
          {"images", evaluation.images},
          {"seconds", evaluation.seconds},
          {"classes", per_class}};
}

}  // namespace sshost::engine
