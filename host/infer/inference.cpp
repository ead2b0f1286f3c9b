#include "infer/inference.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/size_text.h"
#include "infer/precision.h"
#include "model/first_not_finite.h"
#include "state/finite.h"
#include "state/generator.h"

namespace sshost::infer {
namespace {

// So many classes are resized at once, so that a sum needs little memory beside itself.
constexpr int64_t kClassesAtOnce = 16;

// The factor itself drives the sampling, as with interpolate(scale_factor=...): sizes are rounded down.
at::Tensor scaled(const at::Tensor& images, double scale) {
  if (scale == 1) return images;
  const auto height = static_cast<int64_t>(std::floor(static_cast<double>(images.size(2)) * scale));
  const auto width = static_cast<int64_t>(std::floor(static_cast<double>(images.size(3)) * scale));
  if (height < 1 || width < 1) {
    throw Error("evaluate.scales: " + std::to_string(scale) + " leaves nothing of an image of " +
                size_text(images.size(2), images.size(3)));
  }
  return at::upsample_bilinear2d(images, {height, width}, /*align_corners=*/false, scale, scale);
}

at::Tensor resized(const at::Tensor& map, int64_t height, int64_t width) {
  if (map.size(2) == height && map.size(3) == width) return map;
  return at::upsample_bilinear2d(map, {height, width}, /*align_corners=*/false);
}

void add_resized(at::Tensor& sum, const at::Tensor& scores, double weight) {
  for (int64_t first = 0; first < sum.size(1); first += kClassesAtOnce) {
    const int64_t count = std::min(kClassesAtOnce, sum.size(1) - first);
    sum.narrow(1, first, count).add_(resized(scores.narrow(1, first, count), sum.size(2), sum.size(3)), weight);
  }
}

// What each class becomes in the mirror; empty where every class stays itself.
std::vector<int64_t> mirror_of(const std::vector<data::Class>& classes) {
  std::vector<int64_t> mirror;
  bool any = false;
  const auto count = static_cast<int64_t>(classes.size());
  for (int64_t i = 0; i < count; ++i) {
    const int64_t other = classes[i].mirrored;
    if (other < 0 || other >= count || classes[other].mirrored != i) {
      throw UsageError("evaluate.flip: class \"" + classes[i].name + "\" has class " + std::to_string(other) +
                       " as its mirror image, which does not have it in turn");
    }
    mirror.push_back(other);
    any = any || other != i;
  }
  return any ? mirror : std::vector<int64_t>{};
}

}  // namespace

Inference::Inference(const model::Segmentor& segmentor, state::StateStore& store,
                     const std::vector<data::Class>& classes, const config::EvaluateConfig& config,
                     state::Prepared* prepared)
    : segmentor_(segmentor), store_(store), context_(store, state::make_generator(store.device(), 0)), config_(config) {
  context_.prepared = prepared == nullptr ? &own_prepared_ : prepared;
  ChosenPrecision chosen = choose_precision(config_, store);
  context_.precision = chosen.precision;
  candidates_ = std::move(chosen.candidates);
  for (const double scale : config_.scales) {
    if (!(scale > 0)) throw UsageError("evaluate.scales: " + std::to_string(scale) + " is not above 0");
  }
  if (!config_.flip) return;
  const std::vector<int64_t> mirror = mirror_of(classes);
  if (!mirror.empty()) mirrored_classes_ = at::tensor(mirror, at::kLong).to(store.device());
}

void Inference::run(const at::Tensor& images, const std::vector<ImageSize>& sizes, const Use& use) {
  const at::NoGradGuard no_grad;
  const at::Tensor input = images.to(store_.device(), store_.dtype());
  const bool together = config_.scales.size() == 1 && !config_.slide && config_.passes == 1;
  at::Tensor scores;
  first_image_ = 0;
  if (together) scores = scores_of_view(scaled(input, config_.scales[0]), last_pass());
  for (int64_t n = 0; n < input.size(0); ++n) {
    const ImageSize size = sizes.at(static_cast<size_t>(n));
    if (together) {
      use(n, Scores(scores.narrow(0, n, 1), size));
      continue;
    }
    const at::Tensor image = input.narrow(0, n, 1);
    first_image_ = n;
    at::Tensor previous;
    for (int64_t pass = 1; pass < config_.passes; ++pass) {
      previous = mean_over_scales(image, {image.size(2), image.size(3)}, {previous, false});
    }
    use(n, mean_over_scales(image, size, last_pass(previous)));
  }
}

at::Tensor Inference::logits(const at::Tensor& images, const at::Tensor& previous) {
  if (!candidates_.empty()) settle_precision(images, previous);
  at::Tensor logits = segmentor_.logits(context_, images, previous);
  if (state::is_finite(logits)) return logits;
  int64_t image = 0;
  while (image + 1 < logits.size(0) && state::is_finite(logits[image])) ++image;
  const at::Tensor its_previous = previous.defined() ? previous.narrow(0, image, 1) : previous;
  throw NotFinite(first_image_ + image,
                  model::first_not_finite(segmentor_, context_, images.narrow(0, image, 1), its_previous));
}

// Once for all who share the prepared weights.
void Inference::settle_precision(const at::Tensor& images, const at::Tensor& previous) {
  const std::vector<state::Precision> candidates = std::exchange(candidates_, {});
  const auto decisions = [&](state::Precision precision, state::Prepared& prepared) {
    state::ExecutionContext context(store_, state::make_generator(store_.device(), 0));
    context.prepared = &prepared;
    context.precision = precision;
    const at::Tensor logits = segmentor_.logits(context, images, previous);
    return outputs().are_independent() ? logits.gt(0) : logits.argmax(1);
  };
  context_.precision = *context_.prepared->get<state::Precision>(&segmentor_, 0, [&] {
    return std::make_shared<const state::Precision>(fastest_precision(candidates, decisions));
  });
}

Decision Inference::decide(const Scores& scores) const {
  if (!outputs().are_independent()) return {scores.likeliest(), {}};
  const at::Tensor probabilities =
      (config_.average_probabilities ? scores.tensor() : outputs().probabilities(scores.tensor())).squeeze(0);
  const at::Tensor thresholds = at::tensor(config_.thresholds, probabilities.options()).view({-1, 1, 1});
  const at::Tensor masks = probabilities.ge(thresholds);
  const at::Tensor likeliest = probabilities.masked_fill(masks.logical_not(), -1).argmax(0);
  const at::Tensor numbers = at::tensor(outputs().classes(), at::kLong).to(probabilities.device());
  const at::Tensor classes = numbers.index_select(0, likeliest.flatten()).view_as(likeliest);
  return {classes.masked_fill(masks.any(0).logical_not(), outputs().background().value_or(-1)), masks};
}

at::Tensor Inference::mean_over_scales(const at::Tensor& images, ImageSize size, const Pass& pass) {
  at::Tensor sum = at::zeros({images.size(0), segmentor_.classes(), size.height, size.width}, images.options());
  const double weight = 1 / static_cast<double>(config_.scales.size());
  for (const double scale : config_.scales) add_resized(sum, scores_of_view(scaled(images, scale), pass), weight);
  return sum;
}

// The scores of a view, averaged with those of its mirror image: they have the same size, so one resizing serves both.
at::Tensor Inference::scores_of_view(const at::Tensor& view, const Pass& pass) {
  at::Tensor scores;
  if (config_.slide) {
    scores = at::zeros({view.size(0), segmentor_.classes(), view.size(2), view.size(3)}, view.options());
    Pass at_view = pass;
    if (pass.previous.defined()) at_view.previous = resized(pass.previous, view.size(2), view.size(3));
    slide(view, at_view, false, scores);
    if (config_.flip) slide(view.flip({3}), mirrored(at_view), true, scores);
  } else {
    scores = whole(view, pass);
    if (config_.flip) scores = scores + mirrored(whole(view.flip({3}), mirrored(pass)));
  }
  return config_.flip ? scores.div_(2) : scores;
}

at::Tensor Inference::whole(const at::Tensor& view, const Pass& pass) {
  const at::Tensor logits = this->logits(view, pass.previous);
  return pass.averages_probabilities ? outputs().probabilities(logits) : logits;
}

// Adds what `windows` contribute to the mean over all windows of the grid. `view` and `sum` begin with the image's row
// `first_row`; `view` is the mirror image of what `sum` stands for where `is_mirrored`.
void Inference::slide(const SlidingWindows& grid, std::span<const Window> windows, int64_t first_row,
                      const at::Tensor& view, const Pass& pass, bool is_mirrored, at::Tensor& sum) {
  const auto cut = [&](const at::Tensor& map, const Window& window) {
    return map.narrow(2, window.top - first_row, grid.height()).narrow(3, window.left, grid.width());
  };
  for (const Window& window : windows) {
    const at::Tensor guide = pass.previous.defined() ? cut(pass.previous, window) : pass.previous;
    at::Tensor scores = logits(cut(view, window).contiguous(), guide);
    scores = resized(scores, grid.height(), grid.width());
    if (pass.averages_probabilities) scores = outputs().probabilities(scores);
    scores = scores * grid.weight(window, scores.options());
    const int64_t left = is_mirrored ? view.size(3) - window.left - grid.width() : window.left;
    cut(sum, {window.top, left}).add_(is_mirrored ? mirrored(scores) : scores);
  }
}

void Inference::slide(const at::Tensor& view, const Pass& pass, bool is_mirrored, at::Tensor& sum) {
  const SlidingWindows grid(view.size(2), view.size(3), *config_.slide);
  slide(grid, grid.windows(), 0, view, pass, is_mirrored, sum);
}

at::Tensor Inference::mirrored(const at::Tensor& scores) const {
  const at::Tensor turned = scores.flip({3});
  return mirrored_classes_.defined() ? turned.index_select(1, mirrored_classes_) : turned;
}

Inference::Pass Inference::mirrored(const Pass& pass) const {
  return {pass.previous.defined() ? mirrored(pass.previous) : pass.previous, pass.averages_probabilities};
}

}  // namespace sshost::infer
