#ifndef SSHOST_CHECKPOINT_BYTE_SOURCE_H
#define SSHOST_CHECKPOINT_BYTE_SOURCE_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "file/regular_file.h"

namespace sshost::checkpoint {

// Bytes of a known number that are read at offsets; `name` stands for them in messages. The readers of file formats
// work on it, so that a fuzzer can give them memory.
class ByteSource {
 public:
  // `name` stands in messages.
  explicit ByteSource(std::string name) : name_(std::move(name)) {}
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  const std::string& name() const { return name_; }
  virtual uint64_t size() const = 0;

  // Throws Error where the range does not lie inside.
  void read(uint64_t offset, void* out, uint64_t bytes) const;

 private:
  virtual void copy(uint64_t offset, void* out, uint64_t bytes) const = 0;

  std::string name_;
};

// A regular file. It may shrink while it is read, which a mapping would answer with SIGBUS, and this with an Error.
class FileSource final : public ByteSource {
 public:
  // Throws file::UnreadableFile where the file cannot be opened or is not a file.
  explicit FileSource(const std::filesystem::path& path);
  uint64_t size() const override { return file_.size(); }

 private:
  void copy(uint64_t offset, void* out, uint64_t bytes) const override;

  file::RegularFile file_;
};

// Borrowed memory.
class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string name, std::string_view bytes) : ByteSource(std::move(name)), bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }

 private:
  void copy(uint64_t offset, void* out, uint64_t bytes) const override;

  std::string_view bytes_;
};

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_BYTE_SOURCE_H
