#ifndef SSHOST_CHECKPOINT_SAFETENSORS_H
#define SSHOST_CHECKPOINT_SAFETENSORS_H

#include <filesystem>

#include "checkpoint/tensor_file.h"

namespace sshost::checkpoint {

// The safetensors format: 8 bytes with the header's length N (little endian), N bytes of JSON that give each tensor's
// dtype, shape and byte range, then the bytes. A file comes from anywhere, so nothing in it is believed: lengths,
// dtypes, shapes and ranges are checked against the file before memory is taken, ranges may neither overlap nor leave
// gaps, and a name may occur once. Tensors are read by read_tensor_file.

// Replaces `path` as a whole or not at all (atomic_file.h). On failure an earlier file at `path` is untouched, and an
// Error names the path and the bytes needed. Elements are aligned to their size, as other readers expect; the order of
// `file` is otherwise kept.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_SAFETENSORS_H
