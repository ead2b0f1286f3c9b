#include "plugin/library_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

std::string last_error() { return std::generic_category().message(errno); }

}  // namespace

LibraryFile::LibraryFile(const std::filesystem::path& path) {
  // O_NONBLOCK: opening a named pipe would wait for its writer.
  descriptor_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor_ < 0) throw Refused("the file cannot be opened: " + last_error());
  struct stat info {};
  if (fstat(descriptor_, &info) != 0 || !S_ISREG(info.st_mode)) {
    close(descriptor_);
    throw Refused("expected a shared library, found something that is not a regular file");
  }
  size_ = static_cast<uint64_t>(info.st_size);
}

LibraryFile::~LibraryFile() { close(descriptor_); }

void LibraryFile::require(uint64_t offset, uint64_t length, std::string_view what) const {
  if (holds(offset, length)) return;
  throw Refused("the file is truncated or corrupt: " + std::string(what) + " should be the " + std::to_string(length) +
                " bytes from byte " + std::to_string(offset) + " on, but the file has " + std::to_string(size_) +
                " bytes; build or copy it again");
}

std::string LibraryFile::read(uint64_t offset, uint64_t length, std::string_view what) const {
  require(offset, length, what);
  std::string bytes(length, '\0');
  read_into(bytes.data(), offset, length, what);
  return bytes;
}

void LibraryFile::read_into(void* out, uint64_t offset, uint64_t length, std::string_view what) const {
  require(offset, length, what);
  auto* to = static_cast<char*>(out);
  while (length > 0) {
    const ssize_t count = pread(descriptor_, to, length, static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Refused("reading " + std::string(what) + " failed: " + last_error());
    if (count == 0) throw Refused("the file shrank while " + std::string(what) + " was read");
    to += count;
    offset += static_cast<uint64_t>(count);
    length -= static_cast<uint64_t>(count);
  }
}

}  // namespace sshost::plugin
