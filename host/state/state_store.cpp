#include "state/state_store.h"

#include <ATen/core/Tensor.h>

#include <utility>

#include "base/error.h"

namespace sshost::state {

StateId StateStore::add(StateEntry entry) {
  const StateId id = entries_.size();
  if (!ids_.emplace(entry.name, id).second) {
    throw Error("a parameter or buffer named \"" + entry.name + "\" is declared twice; a name may be declared once");
  }
  entry.value = entry.value.variable_data().requires_grad_(entry.trainable);
  entries_.push_back(std::move(entry));
  return id;
}

const StateEntry* StateStore::find(std::string_view name) const {
  const auto found = ids_.find(name);
  return found == ids_.end() ? nullptr : &entries_[found->second];
}

void StateStore::assign(std::string_view name, const at::Tensor& value) {
  const StateEntry* entry = find(name);
  if (entry == nullptr) throw Error("the model has no parameter or buffer named \"" + std::string(name) + "\"");
  if (entry->value.sizes() != value.sizes()) {
    throw Error("\"" + entry->name + "\" has the shape " + c10::str(entry->value.sizes()) + ", but the new value has " +
                c10::str(value.sizes()));
  }
  entry->value.variable_data().copy_(value.detach());
}

void StateStore::quantise(std::shared_ptr<const Quantisation> quantisation) {
  std::vector<const QuantisedConv*> quantised(quantisation ? entries_.size() : 0);
  if (quantisation) {
    for (const auto& [name, conv] : quantisation->convs) {
      const auto found = ids_.find(name);
      if (found == ids_.end()) throw Error("the model has no weight named \"" + name + "\", which is to be in int8");
      quantised[found->second] = &conv;
    }
  }
  quantisation_ = std::move(quantisation);
  quantised_ = std::move(quantised);
}

void StateStore::to(at::Device device, at::ScalarType dtype) {
  for (StateEntry& entry : entries_) {
    const bool follows = entry.value.scalar_type() == dtype_;
    entry.value = entry.value.variable_data().to(device, follows ? dtype : entry.value.scalar_type());
    entry.value.requires_grad_(entry.trainable);
  }
  device_ = device;
  dtype_ = dtype;
}

}  // namespace sshost::state
