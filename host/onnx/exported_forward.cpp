#include "onnx/exported_forward.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <utility>

namespace sshost::onnx {
namespace {

at::Tensor resized(const at::Tensor& map, const at::Tensor& image) {
  return at::upsample_bilinear2d(map, {image.size(2), image.size(3)}, /*align_corners=*/false);
}

at::Tensor by_channel(const std::vector<double>& values) {
  return at::tensor(values, at::kDouble).view({1, static_cast<int64_t>(values.size()), 1, 1});
}

}  // namespace

ExportedForward::ExportedForward(const model::Segmentor& segmentor, state::ExecutionContext& context,
                                 const config::EvaluateConfig& config, ForwardOptions options)
    : segmentor_(segmentor), context_(context), config_(config), options_(std::move(options)) {
  if (options_.normalisation) {
    mean_ = by_channel(options_.normalisation->mean).to(at::kFloat);
    factor_ = by_channel(options_.normalisation->std).reciprocal().to(at::kFloat);
  }
  thresholds_ = by_channel(config.thresholds).to(at::kFloat);
  numbers_ = at::tensor(segmentor.outputs().classes(), at::kLong);
}

at::ScalarType ExportedForward::image_dtype() const {
  return options_.normalisation ? options_.normalisation->pixels : at::kFloat;
}

at::Tensor ExportedForward::normalised(const at::Tensor& image) const {
  return options_.normalisation ? (image.to(at::kFloat) - mean_) * factor_ : image;
}

at::Tensor ExportedForward::scores(const at::Tensor& image) const {
  at::Tensor logits = segmentor_.logits(context_, image);
  for (int64_t pass = 1; pass < config_.passes; ++pass) {
    logits = segmentor_.logits(context_, image, resized(logits, image));
  }
  const bool wants_logits = options_.result == Result::kLogits;
  if (!config_.average_probabilities || wants_logits) {
    const at::Tensor at_size = resized(logits, image);
    return options_.result == Result::kProbabilities || (!wants_logits && segmentor_.outputs().are_independent())
               ? segmentor_.outputs().probabilities(at_size)
               : at_size;
  }
  return resized(segmentor_.outputs().probabilities(logits), image);
}

at::Tensor ExportedForward::classes(const at::Tensor& scores) const {
  const model::Outputs& outputs = segmentor_.outputs();
  if (!outputs.are_independent()) return scores.argmax(1);
  const at::Tensor masks = scores.ge(thresholds_);
  const at::Tensor likely = scores.masked_fill(masks.logical_not(), -1);
  const at::Tensor numbers = numbers_.index_select(0, likely.argmax(1).flatten()).view(likely.amax(1).sizes());
  return numbers.masked_fill(likely.amax(1).lt(0), outputs.background().value_or(-1));
}

at::Tensor ExportedForward::operator()(const at::Tensor& image) const {
  const at::Tensor scores = this->scores(normalised(image));
  return options_.result == Result::kClasses ? classes(scores) : scores;
}

}  // namespace sshost::onnx
