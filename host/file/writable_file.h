#ifndef SSHOST_FILE_WRITABLE_FILE_H
#define SSHOST_FILE_WRITABLE_FILE_H

#include <filesystem>
#include <string_view>

namespace sshost::file {

// A regular file that is written where it lies, such as a log or a lock, open for reading and writing, and made where
// it is not there. What has its name may be a stranger's: a link is refused, not followed, and a FIFO or a device is
// refused, not waited for. Functions throw Error with the path. Threads: one at a time.
class WritableFile {
 public:
  explicit WritableFile(std::filesystem::path path);
  ~WritableFile();
  WritableFile(WritableFile&& other) noexcept;
  WritableFile& operator=(WritableFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }

  // Stays this object's. What is written goes to the end, wherever that is then.
  int descriptor() const { return descriptor_; }

  // All of it. What a full disk cut short stays.
  void append(std::string_view bytes) const;

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

}  // namespace sshost::file

#endif  // SSHOST_FILE_WRITABLE_FILE_H
