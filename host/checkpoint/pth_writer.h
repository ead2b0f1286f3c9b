#ifndef SSHOST_CHECKPOINT_PTH_WRITER_H
#define SSHOST_CHECKPOINT_PTH_WRITER_H

#include <filesystem>

#include "checkpoint/tensor_file.h"

namespace sshost::checkpoint {

// Writes the tensors as a bare state dict in the zip format, which torch.load(path, weights_only=True) reads. Metadata
// has no place in it and is left out. Replaces `path` as a whole or not at all (atomic_file.h). Throws Error.
void write_pth(const std::filesystem::path& path, const TensorFile& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PTH_WRITER_H
