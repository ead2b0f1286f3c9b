#ifndef SSHOST_ONNX_MODEL_GRAPH_H
#define SSHOST_ONNX_MODEL_GRAPH_H

#include <optional>
#include <string>

#include "infer/scores.h"
#include "onnx/exported_forward.h"
#include "onnx/graph.h"
#include "state/execution_context.h"

namespace sshost::onnx {

struct ModelGraph {
  Graph graph;
  std::optional<infer::ImageSize> size;  // of the images that it takes; nothing: any
  std::string why_fixed;                 // where any was asked for and cannot be had
};

// The graph of a forward, which takes batches of any number: "image" [batch, channels, height, width] -> "logits",
// "probabilities" or "classes". With `size` images have that size; without, any that the model takes or, where the
// model does not allow it, `otherwise`. Throws Error with all operators that have no mapping.
ModelGraph make_graph(const ExportedForward& forward, state::ExecutionContext& context,
                      const std::optional<infer::ImageSize>& size, infer::ImageSize otherwise);

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_MODEL_GRAPH_H
