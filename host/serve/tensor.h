// Tensors of the Open Inference Protocol, and a request for inference with them.
#ifndef SSHOST_SERVE_TENSOR_H
#define SSHOST_SERVE_TENSOR_H

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "serve/message.h"

namespace sshost::serve {

// The input: uint8 [n, height, width, channels].
struct InputTensor {
  std::vector<int64_t> shape;
  std::string bytes;
};

struct OutputTensor {
  std::string name;
  std::string datatype;  // "UINT8", "INT32", "FP32"
  std::vector<int64_t> shape;
  std::string bytes;
  bool is_binary = false;
};

struct WantedOutput {
  std::string name;
  bool is_binary = false;
};

struct InferRequest {
  std::string id;
  InputTensor image;
  std::vector<WantedOutput> outputs;  // as they were asked for; empty: none was named
  bool binary_by_default = false;
};

// JSON parts of a body are held as values of many times its size.
inline constexpr size_t kMostJsonBytes = size_t{16} << 20;

// Reads a body, JSON alone or with binary tensors behind it (Inference-Header-Content-Length). `channels` of the model,
// and the pixels that an image may have. Throws Refusal (400, 413) that names what is wrong.
InferRequest read_infer_request(const Request& request, int64_t channels, int64_t most_pixels);

// The answer, with the tensors that are binary behind its JSON.
Response infer_response(const std::string& model, const std::string& id, const std::vector<OutputTensor>& outputs);

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_TENSOR_H
