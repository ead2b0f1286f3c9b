#ifndef SSHOST_FILE_REGULAR_FILE_H
#define SSHOST_FILE_REGULAR_FILE_H

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <string>

#include "base/error.h"
#include "base/printable.h"

namespace sshost::file {

// A file that cannot be read. what() is "cannot read <path>: <reason>".
class UnreadableFile : public Error {
 public:
  UnreadableFile(const std::filesystem::path& path, const std::string& reason)
      : Error("cannot read " + printable_line(path.string()) + ": " + reason), reason_(reason) {}

  // Without the path: for who names the file in another way.
  const std::string& reason() const { return reason_; }

 private:
  std::string reason_;
};

// A regular file, open for reading. A FIFO, a device, a socket or a folder is refused by name and never waited for;
// a device is not even opened. Reading goes by offset and maps nothing, since a mapped file that shrinks kills its
// reader. Threads: any.
class RegularFile {
 public:
  // Follows links. Throws UnreadableFile.
  explicit RegularFile(const std::filesystem::path& path);
  ~RegularFile();
  RegularFile(RegularFile&& other) noexcept;
  RegularFile& operator=(RegularFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // When it was opened. Files of /proc say 0.
  uint64_t size() const { return size_; }

  // Up to `bytes` bytes from `offset` on; fewer only where the file ends. Returns how many. Throws UnreadableFile.
  size_t read(uint64_t offset, void* out, size_t bytes) const;

  // Everything. Throws UnreadableFile where that is more than `most` bytes, before it is read.
  std::string read_all(uint64_t most = std::numeric_limits<uint64_t>::max()) const;

  // For libraries that read by descriptor: it stays this object's, as does its position.
  int descriptor() const { return descriptor_; }

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

// All of a regular file, as above.
std::string read_file(const std::filesystem::path& path, uint64_t most = std::numeric_limits<uint64_t>::max());

}  // namespace sshost::file

#endif  // SSHOST_FILE_REGULAR_FILE_H
