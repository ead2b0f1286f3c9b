#ifndef SSHOST_FILE_ATOMIC_FILE_H
#define SSHOST_FILE_ATOMIC_FILE_H

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace sshost::file {

// A file that appears under its name complete, or not at all: written as "<name>.partial" beside it, synced, renamed,
// the folder synced. Destroyed without `commit`, it removes the partial file and leaves an earlier one untouched.
// Functions throw Error with the path, the bytes needed in all and the bytes free.
class AtomicFile {
 public:
  // `bytes` is the size the file will have: space is reserved at once, so that a full disk shows before any work.
  AtomicFile(std::filesystem::path path, uint64_t bytes);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::string_view bytes);
  void commit();

 private:
  [[noreturn]] void fail(int error_number) const;

  std::filesystem::path path_;
  std::filesystem::path partial_;
  uint64_t bytes_;
  int descriptor_ = -1;
};

// "<name>.partial": only a killed process leaves one behind.
std::filesystem::path partial_name(const std::filesystem::path& path);

// Removes what killed processes left behind in `folder`.
void remove_partial_files(const std::filesystem::path& folder);

// Replaces a whole file by `text`, as above.
void write_file(const std::filesystem::path& path, std::string_view text);

}  // namespace sshost::file

#endif  // SSHOST_FILE_ATOMIC_FILE_H
