#ifndef SSHOST_CHECKPOINT_PTH_INDEX_H
#define SSHOST_CHECKPOINT_PTH_INDEX_H

#include <string>

#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {

// What torch.save writes: a pickle that describes the tensors, and the bytes of their storages. Since 1.6 a zip archive
// with the records "<name>/data.pkl", "<name>/byteorder" and "<name>/data/<key>"; before, one stream: a magic number, a
// version, the writing machine, the pickle, the keys of the storages, and each one's size and bytes. Read as described
// in tensor_index.h.
TensorIndex read_zip_pth(const ByteSource& source, const std::string& part);
TensorIndex read_legacy_pth(const ByteSource& source, const std::string& part);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PTH_INDEX_H
