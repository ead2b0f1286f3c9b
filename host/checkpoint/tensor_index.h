#ifndef SSHOST_CHECKPOINT_TENSOR_INDEX_H
#define SSHOST_CHECKPOINT_TENSOR_INDEX_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checkpoint/byte_source.h"
#include "checkpoint/element_type.h"

namespace sshost::checkpoint {

// What a file of tensors holds and where, of whatever format: all of it checked against the file, and no data read yet.

// What the bytes of a tensor have to give (checksum.h).
struct StoredChecksum {
  uint64_t value = 0;
  ElementType type = ElementType::f32;
  std::vector<int64_t> shape = {};
};

// A run of bytes in the file. Different ones do not overlap, so all together are no longer than the file.
struct StoredBytes {
  std::string key;        // for messages
  uint64_t position = 0;  // in the file
  uint64_t bytes = 0;
  uint64_t element_bytes = 1;  // what is turned around where the byte order is another
  bool big_endian = false;
  bool boolean = false;  // elements are 0 or 1, which is made sure of when they are read
  uint32_t crc32 = 0;    // of the bytes; 0: the file does not say
  std::optional<StoredChecksum> checksum = {};
};

// A view of stored bytes; several may share them.
struct StoredTensor {
  std::string name;
  ElementType type = ElementType::f32;
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;  // in elements, not negative
  int64_t offset = 0;            // in elements
  size_t storage = 0;            // of TensorIndex::storages
};

struct TensorIndex {
  std::string format;                           // "safetensors", "PyTorch (zip)", "PyTorch (legacy)"
  std::vector<StoredTensor> tensors;            // in the file's order; names are unique
  std::vector<StoredBytes> storages;            // those that tensors use
  std::map<std::string, std::string> metadata;  // of safetensors

  std::string part;                                         // the key that holds the state dict; empty: it is bare
  std::string dropped_prefix;                               // that all names had, such as "module." (wrapper_prefix.h)
  std::vector<std::pair<std::string, std::string>> beside;  // what else a .pth holds: key, what it is
  std::vector<std::string> other_parts;                     // of a .pth: keys of further state dicts
  std::vector<std::string> classes;                         // of a .pth: their names; empty: it does not say
};

// More than any model has: what bounds the memory that a hostile file can ask for.
inline constexpr size_t kMaxTensors = 32'768;
inline constexpr size_t kMaxNameBytes = 4 << 20;  // of all names together

// The format is told by the content. `part`: of a .pth that holds several state dicts, the key of the one to read;
// empty: the usual ones are looked for. `prefix`: only tensors whose names begin so, without it. Throws Error that
// names the file and what is wrong; nothing in it is believed, and nothing of it is ever executed. Memory: at most the
// file's size and 64 MiB, that of `load` included.
TensorIndex read_tensor_index(const ByteSource& source, const std::string& part = {}, const std::string& prefix = {});

// The bytes of one storage in this machine's order; `out` has room for them. Throws Error where they are damaged.
void load(const ByteSource& source, const StoredBytes& storage, void* out);

// Elements of a shape. Throws Error where they are more than any file has.
uint64_t element_count(const std::vector<int64_t>& shape, const std::string& where);

// Throws Error unless the view lies within its storage, and has no more elements than the file has bytes.
void check_view(const StoredTensor& tensor, const StoredBytes& storage, const ByteSource& source);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_TENSOR_INDEX_H
