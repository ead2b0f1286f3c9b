#include "onnx/mapping.h"

#include <algorithm>

namespace sshost::onnx {

const Mapping* find_mapping(std::string_view name) {
  for (const auto& part : {arithmetic_mappings(), shape_mappings(), network_mappings()}) {
    const auto found = std::find_if(part.begin(), part.end(), [&](const Mapping& each) { return each.name == name; });
    if (found != part.end()) return &*found;
  }
  return nullptr;
}

}  // namespace sshost::onnx
