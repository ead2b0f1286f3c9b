#ifndef SSHOST_CHECKPOINT_WRAPPER_PREFIX_H
#define SSHOST_CHECKPOINT_WRAPPER_PREFIX_H

#include <string>

#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {

// Programs put a model into others before they save it: in DistributedDataParallel ("module."), torch.compile
// ("_orig_mod."), Lightning ("model."), and several in each other, whose prefixes then all names have.

// Drops them in every order, and the counters that torch.optim.swa_utils.AveragedModel ("n_averaged") and mmengine's
// averages ("steps") have beside a wrapped model; and what checkpointing, torch.compile and FSDP put into the names of
// single layers, wherever it stands ("layer1._checkpoint_wrapped_module.conv1").
void drop_wrapper_prefixes(TensorIndex& index);

bool any_begins_with(const TensorIndex& index, const std::string& prefix);

// Leaves the tensors whose names begin with `prefix`, without it, and the storages that they use. Throws Error, with
// the beginnings that there are, where none does; `file` is for its text.
void keep_prefix(TensorIndex& index, const std::string& prefix, const std::string& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_WRAPPER_PREFIX_H
