#ifndef SSHOST_STATE_BUILDER_H
#define SSHOST_STATE_BUILDER_H

#include <ATen/core/Generator.h>
#include <sshost/abi/layers.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/state_store.h"

// What an ss_layer of the ABI points to: layer::Layer derives from it.
struct ss_layer_object {
  virtual ~ss_layer_object() = default;
};

// What an ss_builder of the ABI points to.
struct ss_builder_object {};

namespace sshost::state {

using LayerList = std::vector<std::unique_ptr<ss_layer_object>>;

// "a" and "b" become "a.b"; an empty part is left out.
std::string join_names(std::string_view first, std::string_view second);

// Where a component declares its layers while it is created. Parameters and buffers go into the store under the
// component's prefix; the layers themselves are kept for the component's adapter.
// Threads: the one that creates the component.
class Builder : public ss_builder_object {
 public:
  // `prefix` is such as "head" or "auxiliary.0". Initial values are drawn from `generator`, a CPU one, in float32, so
  // that a seed gives the same model in every precision and on every device; an undefined one leaves them open
  // (layer/initial.h).
  Builder(StateStore& store, std::string prefix, at::Generator generator);

  // `name` is relative to the prefix. A float32 value is kept in the store's dtype.
  StateId parameter(std::string_view name, const at::Tensor& value);
  StateId buffer(std::string_view name, const at::Tensor& value, bool persistent = true);

  // Keeps the layer for as long as the component lives, and returns it.
  ss_layer keep(std::unique_ptr<ss_layer_object> layer);
  LayerList take_layers() { return std::move(layers_); }

  at::Generator& generator() { return generator_; }

 private:
  StateId add(std::string_view name, const at::Tensor& value, bool trainable, bool persistent);

  StateStore& store_;
  std::string prefix_;
  at::Generator generator_;
  LayerList layers_;
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_BUILDER_H
