#ifndef SSHOST_ONNX_EXPORTED_FORWARD_H
#define SSHOST_ONNX_EXPORTED_FORWARD_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "config/pipeline.h"
#include "model/segmentor.h"
#include "state/execution_context.h"

namespace sshost::onnx {

enum class Result { kLogits, kProbabilities, kClasses };

// (pixel - mean) / std for each channel, as data.evaluate.transforms has it.
struct Normalisation {
  std::vector<double> mean;
  std::vector<double> std;
  at::ScalarType pixels = at::kByte;  // what the graph takes: uint8, or float32 of the same range
};

struct ForwardOptions {
  Result result = Result::kLogits;
  std::optional<Normalisation> normalisation = {};  // none: the graph takes what is normalised
};

// What a graph computes: what infer::Inference does of a whole image at its own size, in as many passes as the pipeline
// says, for a whole batch: no scales, mirror images or windows. The result has the image's size: logits or
// probabilities [N, classes, H, W], or classes [N, H, W] as infer::Decision has them.
class ExportedForward {
 public:
  // All outlive it. `context` has no prepared weights.
  ExportedForward(const model::Segmentor& segmentor, state::ExecutionContext& context,
                  const config::EvaluateConfig& config, ForwardOptions options);

  at::Tensor operator()(const at::Tensor& image) const;

  at::ScalarType image_dtype() const;
  at::ScalarType result_dtype() const { return options_.result == Result::kClasses ? at::kLong : at::kFloat; }
  const ForwardOptions& options() const { return options_; }
  const model::Segmentor& segmentor() const { return segmentor_; }

 private:
  at::Tensor normalised(const at::Tensor& image) const;
  at::Tensor scores(const at::Tensor& image) const;
  at::Tensor classes(const at::Tensor& scores) const;

  const model::Segmentor& segmentor_;
  state::ExecutionContext& context_;
  const config::EvaluateConfig& config_;
  ForwardOptions options_;
  at::Tensor mean_, factor_;  // [1, C, 1, 1]
  at::Tensor thresholds_;     // [1, classes or 1, 1, 1], of independent outputs
  at::Tensor numbers_;        // of each output's class
};

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_EXPORTED_FORWARD_H
