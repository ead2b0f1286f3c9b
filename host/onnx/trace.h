// What one forward did: the operators that were called, in their order. Values; no LibTorch object but constants.
#ifndef SSHOST_ONNX_TRACE_H
#define SSHOST_ONNX_TRACE_H

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sshost::onnx {

using ValueId = size_t;  // of a tensor, counted from the first one that was seen

// An argument that no graph can hold: a generator, a list of lists.
struct Unknown {};

using Argument = std::variant<std::monostate, ValueId, std::vector<std::optional<ValueId>>, bool, int64_t, double,
                              std::string, std::vector<int64_t>, std::vector<double>, Unknown>;

struct Value {
  std::vector<int64_t> sizes;
  at::ScalarType dtype = at::kFloat;
  at::Tensor data = {};             // undefined where it depends on the image
  std::string name = {};            // of a parameter or a buffer; else empty
  std::optional<size_t> call = {};  // that gave it; none: the image, or what was there before
};

struct Call {
  std::string name;  // "aten::softmax.int"; an operator in place has the name of the one that is not
  std::vector<Argument> arguments;
  std::vector<ValueId> results;
  std::string caller;  // "head psp (/plugins/psp.so), after its layer "fuse""
};

struct Trace {
  std::vector<Value> values;
  std::vector<Call> calls;
  std::vector<Call> hidden_writes;  // into elements that other tensors have too, which no graph can follow
  ValueId image = 0;
  ValueId output = 0;
};

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_TRACE_H
