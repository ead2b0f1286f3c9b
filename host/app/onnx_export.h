#ifndef SSHOST_APP_ONNX_EXPORT_H
#define SSHOST_APP_ONNX_EXPORT_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "app/log.h"
#include "app/opened_model.h"
#include "infer/scores.h"

namespace sshost::app {

struct OnnxRequest {
  std::filesystem::path target;               // "model.onnx"
  std::optional<infer::ImageSize> size = {};  // of every image; nothing: any, where the model allows it
  std::string pixels = {};                    // "uint8" or "float32": normalised inside. Empty: normalised before
  std::string result = "logits";              // "logits", "probabilities", "classes"
};

struct OnnxSummary {
  size_t nodes = 0;
  uint64_t bytes = 0;                    // of weights
  std::optional<infer::ImageSize> size;  // nothing: images of any
};

// Throws UsageError for what a graph cannot be asked for, before anything is opened.
void check(const OnnxRequest& request);

// Writes a model as an ONNX graph. Says what a whole inference of the pipeline does and the graph does not. Throws
// Error with all operators that have no counterpart, before anything is written.
OnnxSummary export_onnx(const OpenedModel& model, const OnnxRequest& request, Log& log);

}  // namespace sshost::app

#endif  // SSHOST_APP_ONNX_EXPORT_H
