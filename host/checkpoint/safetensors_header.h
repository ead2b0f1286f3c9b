#ifndef SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H
#define SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::checkpoint {

// Where one tensor lies in a file.
struct TensorPlace {
  std::string name;
  at::ScalarType dtype;
  std::vector<int64_t> shape;
  uint64_t begin = 0;  // bytes from the end of the header
  uint64_t end = 0;
};

struct SafetensorsHeader {
  std::vector<TensorPlace> tensors;  // by begin
  std::map<std::string, std::string> metadata;
};

// Longer headers are refused, as other readers of the format do.
inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;

// Reads the JSON text of a header whose file has `data_bytes` bytes behind it. Throws Error; `path` is for its text.
SafetensorsHeader parse_header(std::string_view json, uint64_t data_bytes, const std::filesystem::path& path);

// The JSON text for tensors whose ranges are set, padded with blanks to a multiple of 8 bytes.
std::string format_header(const SafetensorsHeader& header);

// The size of a tensor's data. Throws Error where it does not fit 63 bits.
uint64_t byte_count(at::ScalarType dtype, const std::vector<int64_t>& shape, const std::string& where);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_SAFETENSORS_HEADER_H
