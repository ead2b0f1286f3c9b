#include "checkpoint/byte_source.h"

#include <cstring>

#include "base/error.h"
#include "base/printable.h"

namespace sshost::checkpoint {

void ByteSource::read(uint64_t offset, void* out, uint64_t bytes) const {
  if (offset > size() || bytes > size() - offset) {
    throw Error(name_ + ": truncated or damaged: bytes " + std::to_string(offset) + " and " + std::to_string(bytes) +
                " after it are needed, the file has " + std::to_string(size()));
  }
  if (bytes > 0) copy(offset, out, bytes);
}

FileSource::FileSource(const std::filesystem::path& path) : ByteSource(printable_line(path.string())), file_(path) {}

void FileSource::copy(uint64_t offset, void* out, uint64_t bytes) const {
  if (file_.read(offset, out, bytes) < bytes) {
    throw Error("cannot read " + name() + ": it became shorter while it was read");
  }
}

void MemorySource::copy(uint64_t offset, void* out, uint64_t bytes) const {
  std::memcpy(out, bytes_.data() + offset, bytes);
}

}  // namespace sshost::checkpoint
