#ifndef SSHOST_FILE_PARTIAL_FILE_H
#define SSHOST_FILE_PARTIAL_FILE_H

#include <filesystem>

namespace sshost::file {

// A file that is being written, under a random name, ".sshost-<16 hexadecimal digits>.partial", that nothing else has
// and no link can stand in for. While it is written its process holds a lock on it (flock), which ends with the
// process: so what a killed process left is told from what a living one writes, on this machine or another.
class PartialFile {
 public:
  // In a folder that is there; its mode is what the umask leaves of 0666. The first one of a process in a folder
  // removes what killed processes left there. Throws std::system_error.
  explicit PartialFile(const std::filesystem::path& folder);
  ~PartialFile();  // removes it where it was not renamed
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&&) = delete;

  int descriptor() const { return descriptor_; }
  const std::filesystem::path& path() const { return path_; }

  // Syncs and closes it, and gives it its name. Returns 0, or what went wrong (errno): then it is removed.
  int rename_to(const std::filesystem::path& path);

 private:
  bool try_open(const std::filesystem::path& folder);

  std::filesystem::path path_;
  int descriptor_ = -1;
};

// A name that nothing has, for what is renamed at once.
std::filesystem::path random_partial_name(const std::filesystem::path& folder);

// Removes what killed processes left behind in `folder` under a random name; what a living one writes stays, and so do
// people's own files.
void remove_partial_files(const std::filesystem::path& folder);

// As above, and links however new, and "<name>.partial" of earlier releases: for a folder that this process has locked.
void remove_all_partial_files(const std::filesystem::path& folder);

}  // namespace sshost::file

#endif  // SSHOST_FILE_PARTIAL_FILE_H
