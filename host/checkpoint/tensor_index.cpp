#include "checkpoint/tensor_index.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "base/printable.h"
#include "checkpoint/checksum.h"
#include "checkpoint/pth_index.h"
#include "checkpoint/safetensors_header.h"
#include "checkpoint/wrapper_prefix.h"

namespace sshost::checkpoint {
namespace {

constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();

uint32_t crc32_of(const void* data, uint64_t bytes) {
  const auto* next = static_cast<const Bytef*>(data);
  uLong value = ::crc32(0, nullptr, 0);
  while (bytes > 0) {
    const auto count = static_cast<uInt>(std::min<uint64_t>(bytes, 1U << 30));
    value = ::crc32(value, next, count);
    next += count;
    bytes -= count;
  }
  return static_cast<uint32_t>(value);
}

// The last element that the view reaches, from its first. Empty views reach none.
uint64_t reach(const StoredTensor& tensor, const std::string& where) {
  uint64_t last = 0;
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    const auto steps = static_cast<uint64_t>(tensor.shape[i] - 1);
    const auto stride = static_cast<uint64_t>(tensor.strides[i]);
    if (stride > 0 && steps > (kMax - last) / stride) throw Error(where + ": it reaches past the end of its storage");
    last += steps * stride;
  }
  return last;
}

// The length of the header and its first character. The length alone may look like the beginning of the other formats.
bool is_safetensors(std::string_view begin) {
  uint64_t length = 0;
  std::memcpy(&length, begin.data(), sizeof length);
  return length <= kMaxHeaderBytes && begin[sizeof length] == '{';
}

TensorIndex read_by_content(const ByteSource& source, const std::string& part) {
  std::array<char, 9> begin{};
  source.read(0, begin.data(), std::min<uint64_t>(source.size(), begin.size()));
  const std::string_view text(begin.data(), begin.size());
  if (!is_safetensors(text)) {
    if (text.starts_with("PK")) return read_zip_pth(source, part);
    if (text.starts_with('\x80')) return read_legacy_pth(source, part);
  }
  if (!part.empty()) throw Error(source.name() + ": a safetensors file has no parts, and so none named " + part);
  return read_safetensors_index(source);
}

bool any_negative(const std::vector<int64_t>& values) {
  return std::any_of(values.begin(), values.end(), [](int64_t value) { return value < 0; });
}

}  // namespace

uint64_t element_count(const std::vector<int64_t>& shape, const std::string& where) {
  if (any_negative(shape)) throw Error(where + ": its shape has a negative size");
  uint64_t count = 1;
  for (const int64_t size : shape) {
    const auto factor = static_cast<uint64_t>(std::max<int64_t>(size, 1));  // strides count an empty axis as one
    if (count > kMax / 16 / factor) throw Error(where + ": its shape asks for more bytes than any file has");
    count *= factor;
  }
  return std::find(shape.begin(), shape.end(), 0) == shape.end() ? count : 0;
}

void check_view(const StoredTensor& tensor, const StoredBytes& storage, const ByteSource& source) {
  const std::string where = source.name() + ": tensor \"" + printable_line(tensor.name) + "\"";
  if (tensor.strides.size() != tensor.shape.size()) throw Error(where + ": it has fewer or more strides than axes");
  if (tensor.offset < 0 || any_negative(tensor.strides)) throw Error(where + ": its offset or a stride is negative");
  const uint64_t count = element_count(tensor.shape, where);
  if (count > source.size() / bytes_of(tensor.type)) throw Error(where + ": it has more elements than the file");
  const uint64_t stored = storage.bytes / bytes_of(tensor.type);
  const auto offset = static_cast<uint64_t>(tensor.offset);
  const uint64_t needed = count == 0 ? 0 : reach(tensor, where) + 1;
  if (offset > stored || needed > stored - offset) {
    throw Error(where + ": it needs " + std::to_string(needed) + " elements from " + std::to_string(offset) +
                " on, its storage " + storage.key + " has " + std::to_string(stored));
  }
}

TensorIndex read_tensor_index(const ByteSource& source, const std::string& part, const std::string& prefix) {
  TensorIndex index = read_by_content(source, part);
  take_checksums(index, source.name());  // by the names that the file has
  if (prefix.empty() || !any_begins_with(index, prefix)) drop_wrapper_prefixes(index);
  if (prefix.empty()) return index;
  keep_prefix(index, prefix, source.name());
  drop_wrapper_prefixes(index);
  return index;
}

void load(const ByteSource& source, const StoredBytes& storage, void* out) {
  source.read(storage.position, out, storage.bytes);
  if (storage.crc32 != 0 && crc32_of(out, storage.bytes) != storage.crc32) {
    throw Error(source.name() + ": " + storage.key + " is damaged: its check sum differs");
  }
  if (const auto& checksum = storage.checksum) {
    if (checksum_of(out, storage.bytes, checksum->type, checksum->shape) != checksum->value) {
      throw Error(source.name() + ": tensor \"" + storage.key +
                  "\" is damaged: its checksum differs. A program that changed it on purpose has to leave out \"" +
                  std::string(kChecksumsKey) + "\" of the metadata");
    }
  }
  auto* bytes = static_cast<uint8_t*>(out);
  if (storage.boolean)
    std::replace_if(
        bytes, bytes + storage.bytes, [](uint8_t value) { return value > 1; }, 1);
  const bool native = storage.big_endian == (std::endian::native == std::endian::big);
  if (native || storage.element_bytes == 1) return;
  for (uint64_t i = 0; i + storage.element_bytes <= storage.bytes; i += storage.element_bytes) {
    std::reverse(bytes + i, bytes + i + storage.element_bytes);
  }
}

}  // namespace sshost::checkpoint
