#include "state/builder.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <utility>

namespace sshost::state {

std::string join_names(std::string_view first, std::string_view second) {
  std::string joined(first);
  if (!first.empty() && !second.empty()) joined += '.';
  return joined.append(second);
}

Builder::Builder(StateStore& store, std::string prefix, at::Generator generator)
    : store_(store), prefix_(std::move(prefix)), generator_(std::move(generator)) {}

StateId Builder::parameter(std::string_view name, const at::Tensor& value) { return add(name, value, true, true); }

StateId Builder::buffer(std::string_view name, const at::Tensor& value, bool persistent) {
  return add(name, value, false, persistent);
}

ss_layer Builder::keep(std::unique_ptr<ss_layer_object> layer) {
  layers_.push_back(std::move(layer));
  return layers_.back().get();
}

StateId Builder::add(std::string_view name, const at::Tensor& value, bool trainable, bool persistent) {
  const at::ScalarType dtype = value.scalar_type() == at::kFloat ? store_.dtype() : value.scalar_type();
  return store_.add({.name = join_names(prefix_, name),
                     .value = value.to(store_.device(), dtype),
                     .trainable = trainable,
                     .persistent = persistent});
}

}  // namespace sshost::state
