#ifndef SSHOST_ONNX_MODEL_FILE_H
#define SSHOST_ONNX_MODEL_FILE_H

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "onnx/graph.h"

namespace sshost::onnx {

struct Producer {
  std::string version;                          // of sshost
  std::string name;                             // of the graph: the pipeline's
  std::map<std::string, std::string> metadata;  // of the model
};

// Protocol Buffers holds no message above 2 GB.
inline constexpr uint64_t kMostInside = (uint64_t{1} << 31) - (uint64_t{1} << 24);

// Writes a model: one file that is there whole or not at all. Weights of more than `most_inside` bytes in all go into
// "<path>.data" beside it, which is written first and keeps its name where the second is not. Throws Error.
void write_model(const std::filesystem::path& path, const Graph& graph, const Producer& producer,
                 uint64_t most_inside = kMostInside);

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_MODEL_FILE_H
