#include "evaluate/evaluator.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/seconds_since.h"
#include "evaluate/tally.h"

namespace sshost::evaluate {
namespace {

std::vector<infer::ImageSize> sizes_of(const data::Batch& batch) {
  std::vector<infer::ImageSize> sizes;
  for (const cv::Size& size : batch.original) sizes.push_back({size.height, size.width});
  return sizes;
}

at::Tensor on_cpu(const at::Tensor& masks) { return masks.defined() ? masks.cpu() : masks; }

// The n-th image of a batch, and its scores.
using UseImage = std::function<void(const data::Batch& batch, size_t n, const infer::Scores& scores)>;

// False where `stop` was set meanwhile.
bool for_each_image(infer::Inference& inference, data::Loader& loader, const std::atomic<bool>& stop,
                    const UseImage& use) {
  loader.start(1);
  while (const auto batch = loader.next()) {
    if (stop) return false;
    try {
      inference.run(batch->images, sizes_of(*batch),
                    [&](int64_t n, const infer::Scores& scores) { use(*batch, static_cast<size_t>(n), scores); });
    } catch (const infer::NotFinite& error) {
      throw Error("image \"" + batch->ids.at(static_cast<size_t>(error.image)) + "\": " + error.what());
    }
  }
  return !loader.is_stopped();
}

bool is_worse(const ScoredImage& one, const ScoredImage& other) {
  const double left = one.score.mean_iou, right = other.score.mean_iou;
  if (std::isnan(left) != std::isnan(right)) return std::isnan(right);
  return left != right && !std::isnan(left) ? left < right : one.index < other.index;
}

// A row of numbers for each image, as many rows on every rank: where a rank has fewer, the rest has the index -1.
at::Tensor to_tensor(const std::vector<ScoredImage>& scored, int64_t rows) {
  at::Tensor table = at::full({rows, 4}, -1, at::kDouble);
  auto values = table.accessor<double, 2>();
  for (int64_t i = 0; i < static_cast<int64_t>(scored.size()); ++i) {
    const auto& [index, score] = scored[static_cast<size_t>(i)];
    values[i][0] = static_cast<double>(index);
    values[i][1] = score.mean_iou;
    values[i][2] = score.pixel_accuracy;
    values[i][3] = static_cast<double>(score.pixels);
  }
  return table;
}

// The images of all ranks.
std::vector<ScoredImage> gather(const std::vector<ScoredImage>& own, const state::Ranks& ranks) {
  if (ranks.alone()) return own;
  const auto count = static_cast<int64_t>(own.size());
  const int64_t rows = ranks.gather(at::full({1}, count, at::kLong)).max().item<int64_t>();
  const at::Tensor table = ranks.gather(to_tensor(own, rows)).view({-1, 4});
  const auto values = table.accessor<double, 2>();
  std::vector<ScoredImage> all;
  for (int64_t i = 0; i < table.size(0); ++i) {
    if (values[i][0] < 0) continue;
    all.push_back(
        {static_cast<int64_t>(values[i][0]), {values[i][1], values[i][2], static_cast<int64_t>(values[i][3])}});
  }
  return all;
}

nlohmann::json rows_of(const at::Tensor& confusion) {
  nlohmann::json rows = nlohmann::json::array();
  if (!confusion.defined()) return rows;
  const at::Tensor counts = confusion.contiguous();
  const auto* count = counts.const_data_ptr<int64_t>();
  for (int64_t y = 0; y < counts.size(0); ++y, count += counts.size(1)) {
    rows.push_back(std::vector<int64_t>(count, count + counts.size(1)));
  }
  return rows;
}

}  // namespace

std::optional<Evaluation> evaluate(infer::Inference& inference, data::Loader& loader, int64_t classes,
                                   int64_t total_images, EvaluationObserver& observer, const std::atomic<bool>& stop,
                                   const MetricOptions& options, const state::Ranks& ranks) {
  const auto begin = std::chrono::steady_clock::now();
  const std::unique_ptr<Tally> tally = make_tally(inference.outputs(), classes, options);
  std::vector<ScoredImage> scored;
  int64_t done = 0, labelled = 0;
  const bool finished =
      for_each_image(inference, loader, stop, [&](const data::Batch& batch, size_t n, const infer::Scores& scores) {
        if (batch.original_labels.size() != batch.ids.size()) {
          throw Error("cannot evaluate \"" + batch.ids.front() + "\": it has no label");
        }
        const at::Tensor& label = batch.original_labels[n];
        const infer::Decision decision = inference.decide(scores);
        const ImageScore score = tally->add(decision, label);
        scored.push_back({batch.indices[n], score});
        labelled += label.numel();
        ++done;
        const at::Tensor predicted = decision.classes.cpu();
        observer.on_image({batch.indices[n], batch.ids[n], scores, predicted,
                           inference.outputs().shown(label, predicted), score, done, total_images, seconds_since(begin),
                           on_cpu(decision.masks)});
      });
  if (ranks.any(!finished)) return std::nullopt;
  const Tally::Result result = tally->result(ranks);
  const at::Tensor images = at::tensor({done, labelled}, at::kLong);
  ranks.sum({images});
  scored = gather(scored, ranks);
  std::sort(scored.begin(), scored.end(), is_worse);
  const int64_t ignored = images[1].item<int64_t>() - result.pixels;
  return Evaluation{result.metrics,    result.confusion,          ignored,
                    std::move(scored), images[0].item<int64_t>(), seconds_since(begin)};
}

bool predict(infer::Inference& inference, data::Loader& loader, int64_t total_images, EvaluationObserver& observer,
             const std::atomic<bool>& stop) {
  const auto begin = std::chrono::steady_clock::now();
  int64_t done = 0;
  return for_each_image(inference, loader, stop, [&](const data::Batch& batch, size_t n, const infer::Scores& scores) {
    ++done;
    const infer::Decision decision = inference.decide(scores);
    observer.on_image({batch.indices[n],
                       batch.ids[n],
                       scores,
                       decision.classes.cpu(),
                       {},
                       {},
                       done,
                       total_images,
                       seconds_since(begin),
                       on_cpu(decision.masks)});
  });
}

nlohmann::json to_json(const Evaluation& evaluation, const std::vector<data::Class>& classes, int64_t step) {
  const Metrics& metrics = evaluation.metrics;
  nlohmann::json per_class = nlohmann::json::array();
  for (size_t i = 0; i < metrics.classes.size(); ++i) {
    const ClassMetrics& entry = metrics.classes[i];
    nlohmann::json& line =
        per_class.emplace_back(nlohmann::json{{"name", i < classes.size() ? classes[i].name : std::to_string(i)},
                                              {"pixels", entry.pixels},
                                              {"known", entry.known}});
    for (const auto& [name, value] : entry.values) line[name] = value;
  }
  nlohmann::json line = {{"kind", "evaluate"},
                         {"step", step},
                         {"pixel_accuracy", metrics.pixel_accuracy},
                         {"beta", metrics.beta},
                         {"mean_ious",
                          {{"with_union", metrics.mean_ious.with_union},
                           {"with_truth", metrics.mean_ious.with_truth},
                           {"empty_as_one", metrics.mean_ious.empty_as_one},
                           {"empty_as_zero", metrics.mean_ious.empty_as_zero}}},
                         {"confusion", rows_of(evaluation.confusion)},
                         {"ignored_pixels", evaluation.ignored_pixels},
                         {"images", evaluation.images},
                         {"seconds", evaluation.seconds},
                         {"classes", per_class}};
  for (const auto& [name, mean] : metrics.means) line["mean_" + name] = mean;
  const bool is_exclusive = evaluation.confusion.defined();  // a binary task has one output, and is none the worse
  if (const auto only = is_exclusive ? only_labelled_class(metrics) : std::nullopt)
    line["only_class"] = per_class[*only]["name"];
  return line;
}

}  // namespace sshost::evaluate
