#ifndef SSHOST_STATE_STATE_STORE_H
#define SSHOST_STATE_STATE_STORE_H

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "state/quantisation.h"

namespace sshost::state {

// A parameter or a buffer of the model.
struct StateEntry {
  std::string name;  // dotted and unique, such as "head.fuse.conv.weight"
  at::Tensor value;  // a leaf of autograd
  bool trainable;    // a parameter; else a buffer
  bool persistent;   // saved in checkpoints
};

// The place of an entry in its store. Two stores built alike (a moving average, a copy in another precision) share ids.
using StateId = std::size_t;

// All tensors of a model by name, in the order in which the components declared them. It owns them; layers and plugins
// hold ids and read through an ExecutionContext.
// Threads: concurrent reads are safe; `add` and `to` need the store alone.
class StateStore {
 public:
  // `dtype` is what floating point values are kept and computed in: float32 or float64 (parity runs).
  explicit StateStore(at::ScalarType dtype = at::kFloat) : dtype_(dtype) {}

  // Takes the entry; its value is detached, and marked as requiring a gradient where it is trainable. Throws Error
  // where the name exists.
  StateId add(StateEntry entry);

  const StateEntry* find(std::string_view name) const;
  const at::Tensor& value(StateId id) const { return entries_.at(id).value; }
  const StateEntry& entry(StateId id) const { return entries_.at(id); }

  // Copies `value` into the named entry in place, converted to its dtype and device. Throws Error where there is no
  // such entry or the shape differs.
  void assign(std::string_view name, const at::Tensor& value);

  // Moves everything to the device, and the values of the store's own dtype to `dtype`; integers stay. The values are
  // new tensors: an optimiser made before holds the old ones.
  void to(at::Device device, at::ScalarType dtype);

  // How the model runs in int8; null for one that does not. Throws Error where it names a weight that there is not, and
  // changes nothing then.
  void quantise(std::shared_ptr<const Quantisation> quantisation);
  const std::shared_ptr<const Quantisation>& quantisation() const { return quantisation_; }

  // Of the convolution with this weight; null where it runs in float32.
  const QuantisedConv* quantised(StateId weight) const {
    return weight < quantised_.size() ? quantised_[weight] : nullptr;
  }

  at::ScalarType dtype() const { return dtype_; }
  at::Device device() const { return device_; }

  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<StateEntry> entries_;
  std::map<std::string, StateId, std::less<>> ids_;
  at::ScalarType dtype_;
  at::Device device_ = at::kCPU;
  std::shared_ptr<const Quantisation> quantisation_;
  std::vector<const QuantisedConv*> quantised_;  // by StateId, of quantisation_
};

}  // namespace sshost::state

#endif  // SSHOST_STATE_STATE_STORE_H
