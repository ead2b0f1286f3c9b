#ifndef SSHOST_CHECKPOINT_WEIGHTS_EXPORT_H
#define SSHOST_CHECKPOINT_WEIGHTS_EXPORT_H

#include "checkpoint/tensor_file.h"
#include "checkpoint/weights_import.h"
#include "state/state_store.h"

namespace sshost::checkpoint {

// The model's tensors as `names.format` calls and stores them, in the order of the store. What the model computes by
// itself is there too, where the format has a name for it. Throws Error with the parameters and saved buffers that the
// format has no name for.
TensorFile export_weights(const state::StateStore& store, const NameMap& names);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_WEIGHTS_EXPORT_H
