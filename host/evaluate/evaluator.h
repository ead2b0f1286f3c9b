#ifndef SSHOST_EVALUATE_EVALUATOR_H
#define SSHOST_EVALUATE_EVALUATOR_H

#include <atomic>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "data/loader.h"
#include "evaluate/metrics.h"
#include "evaluate/observer.h"
#include "infer/inference.h"
#include "state/ranks.h"

namespace sshost::evaluate {

// How one image of the data set did.
struct ScoredImage {
  int64_t index;
  ImageScore score;
};

struct Evaluation {
  Metrics metrics;
  at::Tensor confusion;             // int64 [K, K] on the CPU, as ConfusionMatrix::counts
  int64_t ignored_pixels = 0;       // of the labels
  std::vector<ScoredImage> scored;  // all images, those of other ranks too; the worst mean IoU first, NaN last
  int64_t images = 0;
  double seconds = 0;
};

// Runs the model over all batches of `loader` (made with original_labels, unshuffled) and compares at the size of the
// stored labels, image by image: only counts of pixels are kept. Returns nullopt if `stop` was set meanwhile.
// Several ranks evaluate with their own loaders' images, `total_images` of them, and all get the evaluation of all
// images, or nullopt if `stop` was set on any.
// Throws Error where a sample has no label, and, with its name, where the model's output of it is not finite.
std::optional<Evaluation> evaluate(infer::Inference& inference, data::Loader& loader, int64_t classes,
                                   int64_t total_images, EvaluationObserver& observer, const std::atomic<bool>& stop,
                                   const MetricOptions& options = {}, const state::Ranks& ranks = state::kAlone);

// Runs the model over all batches of `loader` (unshuffled; labels need not be there) and tells the observer of each
// image. False where `stop` was set meanwhile. Throws Error as `evaluate`.
bool predict(infer::Inference& inference, data::Loader& loader, int64_t total_images, EvaluationObserver& observer,
             const std::atomic<bool>& stop);

// A line of metrics.jsonl: {"kind": "evaluate", "step", "mean_<name>" of each metric, "pixel_accuracy", "beta", "images",
// "seconds", "mean_ious": {the members of MeanIous}, "confusion": [[pixels of a true class by predicted class]],
// "ignored_pixels", "classes": [{"name", "pixels", "known", each metric by its name}]}; what is not defined is null. Where the labels
// hold one class alone, "only_class" is its name.
nlohmann::json to_json(const Evaluation& evaluation, const std::vector<data::Class>& classes, int64_t step);

}  // namespace sshost::evaluate

#endif  // SSHOST_EVALUATE_EVALUATOR_H
