#ifndef SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H
#define SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/tensor_index.h"

namespace sshost::checkpoint {

// Where one tensor lies in a file.
struct TensorPlace {
  std::string name;
  ElementType type;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the end of the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<TensorPlace> tensors;  // by begin
  std::map<std::string, std::string> metadata;
};

// Longer headers are refused. Other readers take 100 MB; a model of 10,000 tensors has one of 1 MB, and what is read
// from a header may need several times its size.
inline constexpr uint64_t kMaxHeaderBytes = 8 << 20;

// Reads the JSON text of a header whose file has `data_bytes` bytes behind it. Throws Error; `name` is the file's.
SafetensorsHeader parse_header(std::string_view json, uint64_t data_bytes, const std::string& name);

// The JSON text for tensors whose ranges are set, padded with blanks to a multiple of 8 bytes.
std::string format_header(const SafetensorsHeader& header);

// A whole file's header, as described in tensor_index.h.
TensorIndex read_safetensors_index(const ByteSource& source);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H
