#ifndef SSHOST_IMAGE_SOURCE_H
#define SSHOST_IMAGE_SOURCE_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

#include "file/regular_file.h"

namespace sshost::image {

// The bytes of one image, read at offsets: of a file, or of memory for tests and the fuzzer. Decoders take from it what
// they need, so that a long file costs no more than its image. Threads: any.
class Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  virtual uint64_t size() const = 0;

  // Up to `bytes` bytes from `offset` on; fewer where they end, or can be read no longer. Returns how many.
  virtual size_t read(uint64_t offset, void* out, size_t bytes) const noexcept = 0;
};

class FileSource final : public Source {
 public:
  // Throws file::UnreadableFile.
  explicit FileSource(const std::filesystem::path& path) : file_(path) {}
  uint64_t size() const override { return file_.size(); }
  size_t read(uint64_t offset, void* out, size_t bytes) const noexcept override;

 private:
  file::RegularFile file_;
};

// Borrowed memory.
class MemorySource final : public Source {
 public:
  explicit MemorySource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  size_t read(uint64_t offset, void* out, size_t bytes) const noexcept override;

 private:
  std::span<const uint8_t> bytes_;
};

// Reads a source from its beginning to its end, through a buffer, and no more than a number of bytes: an image of some
// pixels needs no gigabytes, whatever its file holds. What is skipped does not count.
class Cursor {
 public:
  Cursor(const Source& source, uint64_t most) : source_(source), most_(most) {}

  // False where fewer bytes are left; `out` is then undefined.
  bool read(void* out, size_t bytes);

  // The next bytes, some or many of them; empty at the end.
  std::span<const uint8_t> next();

  void skip(uint64_t bytes);
  void move_to(uint64_t offset);

  void allow(uint64_t most) { most_ = most; }
  uint64_t taken() const { return taken_; }

  // After `read` or `next` gave nothing: why.
  const char* reason() const;

 private:
  bool fill();

  const Source& source_;
  uint64_t most_;
  uint64_t taken_ = 0;   // bytes from the source
  uint64_t offset_ = 0;  // behind the buffer
  std::array<uint8_t, 1 << 15> buffer_;
  size_t begin_ = 0;  // of what is left in the buffer
  size_t end_ = 0;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_SOURCE_H
