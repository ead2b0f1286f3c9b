#ifndef SSHOST_FILE_FOLDER_LOCK_H
#define SSHOST_FILE_FOLDER_LOCK_H

#include <filesystem>

#include "file/writable_file.h"

namespace sshost::file {

// The right to write into a folder, which one process has at a time: a lock (flock) on the file ".lock" in it, which
// ends with the process however that ends, and on network file systems holds for all machines. The file tells who has
// it, and stays behind. Whoever only reads needs none.
class FolderLock {
 public:
  // Of a folder that is there. Throws UsageError, naming the holder, where another one has it; Error where the file
  // cannot be made, or is a link.
  explicit FolderLock(const std::filesystem::path& folder);
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  // False where the folder's file system keeps no locks: nothing stops a second writer then.
  bool is_held() const { return is_held_; }

 private:
  WritableFile file_;
  bool is_held_ = false;
};

}  // namespace sshost::file

#endif  // SSHOST_FILE_FOLDER_LOCK_H
