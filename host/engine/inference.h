#ifndef SSHOST_ENGINE_INFERENCE_H
#define SSHOST_ENGINE_INFERENCE_H

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "config/pipeline.h"
#include "data/sample.h"
#include "model/segmentor.h"
#include "model/state_store.h"

namespace sshost::engine {

// Several views of an image (scales, flip), averaged: each view's logits are un-flipped, with left and right classes
// swapped, resized bilinearly to the wanted size, and their mean is taken.
// The segmentor and the store outlive it. Threads: one at a time.
class Inference {
 public:
  // Throws UsageError where a scale is not positive, or left/right pairs of classes do not fit each other.
  Inference(const model::Segmentor& segmentor, model::StateStore& store, const std::vector<data::Class>& classes,
            const config::EvaluateConfig& config);

  // images [N, 3, H, W], normalised, on any device -> the logits of each view, [N, classes, h, w], un-flipped and still at
  // the model's resolution.
  std::vector<at::Tensor> views(const at::Tensor& images);

  // The class of each pixel of sample `n`, int64 [height, width] on the model's device.
  static at::Tensor classes_at(const std::vector<at::Tensor>& views, int64_t n, int64_t height, int64_t width);

  // The mean logits of sample `n`, [1, classes, height, width].
  static at::Tensor logits_at(const std::vector<at::Tensor>& views, int64_t n, int64_t height, int64_t width);

 private:
  at::Tensor run(const at::Tensor& images, bool flipped);

  const model::Segmentor& segmentor_;
  model::StateStore& store_;
  model::ExecutionContext context_;
  std::vector<double> scales_;
  bool flip_;
  at::Tensor mirrored_;  // int64 [classes] on the model's device; undefined where every class is its own mirror image
};

}  // namespace sshost::engine

#endif  // SSHOST_ENGINE_INFERENCE_H
