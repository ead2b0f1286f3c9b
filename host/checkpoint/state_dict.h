#ifndef SSHOST_CHECKPOINT_STATE_DICT_H
#define SSHOST_CHECKPOINT_STATE_DICT_H

#include <string>
#include <utility>
#include <vector>

#include "checkpoint/pickle_value.h"

namespace sshost::checkpoint {

// The named tensors among what a .pth file describes.
struct StateDict {
  std::vector<std::pair<std::string, PickleRef>> tensors;   // not yet looked into
  std::string part;                                         // the key under which they were; empty: the file is bare
  std::vector<std::pair<std::string, std::string>> beside;  // what is not read: key, what it is
  std::vector<std::string> other_parts;                     // keys of further state dicts
  std::vector<std::string> classes;  // their names, where OpenMMLab's "meta" has them; empty: nothing says
};

// Finds it: the map under `part`, or with an empty one that under "state_dict", "model" or another usual key, the map
// itself, or the only map of tensors in it. Throws Error that says what the file holds instead; `name` is the file's.
StateDict find_state_dict(const PickleHeap& heap, PickleRef top, const std::string& part, const std::string& name);

// "_rebuild_tensor_v2" and its like: whether the value would become a tensor.
bool is_tensor(const PickleHeap& heap, PickleRef value);

// What a value is, in a few words for a person: "12", "map of 3: CLASSES, config, epoch", "mmcv.Config".
std::string describe_value(const PickleHeap& heap, PickleRef value);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_STATE_DICT_H
