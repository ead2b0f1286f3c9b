#ifndef SSHOST_FILE_ATOMIC_FILE_H
#define SSHOST_FILE_ATOMIC_FILE_H

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/error.h"
#include "file/partial_file.h"

namespace sshost::file {

// A file whose name the file system does not take: too long, or a loop of links. It is this file alone that cannot be
// written: others in its folder can.
class UnwritableName : public Error {
 public:
  using Error::Error;
};

// A file that appears under its name complete, or not at all: written under a random name beside it, synced, renamed,
// the folder synced. Destroyed without `commit`, it leaves nothing behind, and an earlier file untouched. Several
// writers of one name, in one process or many, each write a whole file; the last one to commit stays. Only a regular
// file is replaced, or a link to one (the link itself): a device, a FIFO or a folder is refused.
// Functions throw Error with the path, the reason and, where room is short, the bytes needed in all and those free.
class AtomicFile {
 public:
  // `bytes` is the size the file will have: space is reserved at once, so that a full disk shows before any work.
  // Throws UnwritableName.
  AtomicFile(std::filesystem::path path, uint64_t bytes);

  void write(std::string_view bytes);
  void commit();

 private:
  PartialFile open_partial() const;
  void reserve() const;
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  uint64_t bytes_;
  PartialFile partial_;
};

// Replaces a whole file by `text`, as above.
void write_file(const std::filesystem::path& path, std::string_view text);

// Replaces what is called `path` by a link to `target`, at once.
void write_link(const std::filesystem::path& path, const std::filesystem::path& target);

// Throws where a prediction, a checkpoint, a report of this name could not take its place: as AtomicFile's constructor.
void require_writable_name(const std::filesystem::path& path);

}  // namespace sshost::file

#endif  // SSHOST_FILE_ATOMIC_FILE_H
