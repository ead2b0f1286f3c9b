#include "engine/inference.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numeric>
#include <string>

#include "engine/generator.h"
#include "error.h"

namespace sshost::engine {
namespace {

// The factor itself drives the sampling, as with interpolate(scale_factor=...): sizes are rounded down.
at::Tensor scaled(const at::Tensor& images, double scale) {
  if (scale == 1) return images;
  const auto height = static_cast<int64_t>(std::floor(static_cast<double>(images.size(2)) * scale));
  const auto width = static_cast<int64_t>(std::floor(static_cast<double>(images.size(3)) * scale));
  if (height < 1 || width < 1) {
    throw Error("evaluate.scales: " + std::to_string(scale) + " leaves nothing of an image of " +
                std::to_string(images.size(3)) + "x" + std::to_string(images.size(2)));
  }
  return at::upsample_bilinear2d(images, {height, width}, /*align_corners=*/false, scale, scale);
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

Inference::Inference(const model::Segmentor& segmentor, model::StateStore& store,
                     const std::vector<data::Class>& classes, const config::EvaluateConfig& config)
    : segmentor_(segmentor),
      store_(store),
      context_(store, make_generator(store.device(), 0)),
      scales_(config.scales),
      flip_(config.flip) {
  for (const double scale : scales_) {
    if (!(scale > 0)) throw UsageError("evaluate.scales: " + std::to_string(scale) + " is not above 0");
  }
  if (!flip_) return;
  const std::vector<int64_t> mirror = mirror_of(classes);
  if (!mirror.empty()) mirrored_ = at::tensor(mirror, at::kLong).to(store.device());
}

at::Tensor Inference::run(const at::Tensor& images, bool flipped) {
  if (!flipped) return segmentor_.logits(context_, images);
  const at::Tensor logits = segmentor_.logits(context_, images.flip({3})).flip({3});
  return mirrored_.defined() ? logits.index_select(1, mirrored_) : logits;
}

std::vector<at::Tensor> Inference::views(const at::Tensor& images) {
  const at::NoGradGuard no_grad;
  const at::Tensor input = images.to(store_.device(), store_.dtype());
  std::vector<at::Tensor> views;
  for (const double scale : scales_) {
    const at::Tensor view = scaled(input, scale);
    views.push_back(run(view, false));
    if (flip_) views.push_back(run(view, true));
  }
  return views;
}

at::Tensor Inference::logits_at(const std::vector<at::Tensor>& views, int64_t n, int64_t height, int64_t width) {
  const at::NoGradGuard no_grad;
  at::Tensor sum;
  for (const at::Tensor& view : views) {
    const at::Tensor logits = at::upsample_bilinear2d(view.narrow(0, n, 1), {height, width}, /*align_corners=*/false);
    sum = sum.defined() ? sum.add_(logits) : logits;
  }
  return views.size() == 1 ? sum : sum.div_(static_cast<double>(views.size()));
}

at::Tensor Inference::classes_at(const std::vector<at::Tensor>& views, int64_t n, int64_t height, int64_t width) {
  return logits_at(views, n, height, width).argmax(1).squeeze(0);
}

}  // namespace sshost::engine
