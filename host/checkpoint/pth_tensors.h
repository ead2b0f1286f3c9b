#ifndef SSHOST_CHECKPOINT_PTH_TENSORS_H
#define SSHOST_CHECKPOINT_PTH_TENSORS_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "checkpoint/pickle_value.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {

// A storage as the pickle names it.
struct StorageName {
  std::string key;
  uint64_t elements = 0;
  std::optional<ElementType> type;  // none: bytes, whose type the tensor says
  uint64_t view_offset = 0;         // in elements: of a view of the storage, which the oldest files have

  uint64_t element_bytes() const { return type ? bytes_of(*type) : 1; }
};

// From a persistent identifier ("storage", FloatStorage, "0", "cpu", 64, ...). Throws Error where it is none; `where`
// begins its text.
StorageName read_storage_name(const PickleHeap& heap, PickleRef persistent, const std::string& where);

// Where the bytes of storages are: key -> place.
using StoragePlaces = std::map<std::string, StoredBytes, std::less<>>;

// Makes the state dict's tensors views of the storages at `places`. Throws Error that names the tensor.
void add_tensors(const PickleHeap& heap, const StateDict& dict, const StoragePlaces& places, const ByteSource& source,
                 TensorIndex& index);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PTH_TENSORS_H
