#ifndef SSHOST_CHECKPOINT_CHECKSUM_H
#define SSHOST_CHECKPOINT_CHECKSUM_H

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/element_type.h"

namespace sshost::checkpoint {

struct TensorIndex;

// Checksums by which our own checkpoints find damage: XXH3 with 64 bits, of each tensor and of the metadata. They stand
// in the metadata of a safetensors file under this key, as a JSON object from a tensor's name to 16 hexadecimal digits;
// the empty name stands for all other metadata. Files without the key are read as they are.
inline constexpr std::string_view kChecksumsKey = "sshost.checksums";

using Checksums = std::map<std::string, uint64_t>;

// Of a tensor's bytes as they are stored, its type and its shape.
uint64_t checksum_of(const void* data, uint64_t bytes, ElementType type, const std::vector<int64_t>& shape);

// The entry for `metadata` (in which kChecksumsKey does not count) and its tensors.
std::string format_checksums(const std::map<std::string, std::string>& metadata, const Checksums& tensors);

// Reads the entry of a safetensors file's index, where it has one: checks the metadata, and notes each tensor's
// checksum for `load`. Throws Error where the metadata is damaged, or a tensor has none.
void take_checksums(TensorIndex& index, const std::string& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_CHECKSUM_H
