#ifndef SSHOST_PLUGIN_LIBRARY_FILE_H
#define SSHOST_PLUGIN_LIBRARY_FILE_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <type_traits>

#include "file/regular_file.h"

namespace sshost::plugin {

// A file that is read piece by piece, each piece checked against the file's size.
class LibraryFile {
 public:
  // Throws Refused where the path is no readable regular file.
  explicit LibraryFile(const std::filesystem::path& path);

  uint64_t size() const { return file_.size(); }
  bool holds(uint64_t offset, uint64_t length) const { return offset <= size() && length <= size() - offset; }

  // Throws Refused, naming `what`, where the file ends before it.
  std::string read(uint64_t offset, uint64_t length, std::string_view what) const;
  void require(uint64_t offset, uint64_t length, std::string_view what) const;

  template <typename T>
  T read_struct(uint64_t offset, std::string_view what) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    read_into(&value, offset, sizeof value, what);
    return value;
  }

 private:
  void read_into(void* out, uint64_t offset, uint64_t length, std::string_view what) const;

  file::RegularFile file_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LIBRARY_FILE_H
