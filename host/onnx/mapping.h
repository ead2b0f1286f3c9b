#ifndef SSHOST_ONNX_MAPPING_H
#define SSHOST_ONNX_MAPPING_H

#include <span>
#include <string_view>

#include "onnx/translation.h"

namespace sshost::onnx {

// How an operator becomes nodes: `translate` reads the step's arguments, adds nodes and gives its results. `word` is
// for functions that serve several operators: mostly the node's name.
struct Mapping {
  std::string_view name;  // "aten::softmax.int"
  void (*translate)(Translation& step, const char* word);
  const char* word = "";
};

// Nothing where there is none.
const Mapping* find_mapping(std::string_view name);

// Their parts, a file each.
std::span<const Mapping> arithmetic_mappings();
std::span<const Mapping> shape_mappings();
std::span<const Mapping> network_mappings();

}  // namespace sshost::onnx

#endif  // SSHOST_ONNX_MAPPING_H
