#include "checkpoint/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace sshost::checkpoint {

void ByteSource::read(uint64_t offset, void* out, uint64_t bytes) const {
  if (offset > size() || bytes > size() - offset) {
    throw Error(name_ + ": truncated or damaged: bytes " + std::to_string(offset) + " and " + std::to_string(bytes) +
                " after it are needed, the file has " + std::to_string(size()));
  }
  if (bytes > 0) copy(offset, out, bytes);
}

FileSource::FileSource(const std::filesystem::path& path)
    : ByteSource(path.string()), descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) throw Error("cannot open " + name() + ": " + std::strerror(errno));
  struct stat status {};
  const bool regular = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
  if (!regular) {
    ::close(descriptor_);
    throw Error("cannot read " + name() + ": it is not a file");
  }
  size_ = static_cast<uint64_t>(status.st_size);
}

FileSource::~FileSource() { ::close(descriptor_); }

void FileSource::copy(uint64_t offset, void* out, uint64_t bytes) const {
  auto* next = static_cast<char*>(out);
  while (bytes > 0) {
    const ssize_t count = ::pread(descriptor_, next, bytes, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Error("cannot read " + name() + ": " + std::strerror(errno));
    if (count == 0) throw Error("cannot read " + name() + ": it became shorter while it was read");
    next += count;
    offset += static_cast<uint64_t>(count);
    bytes -= static_cast<uint64_t>(count);
  }
}

void MemorySource::copy(uint64_t offset, void* out, uint64_t bytes) const {
  std::memcpy(out, bytes_.data() + offset, bytes);
}

}  // namespace sshost::checkpoint
