// Files that a data set brings, which may be anybody's.
#ifndef SSHOST_REGULAR_FILE_HPP
#define SSHOST_REGULAR_FILE_HPP

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// Opens a file, or what a link leads to, for reading; not open where there is none. Throws where it is no regular file:
// a FIFO would be waited for, a device has no end.
inline std::ifstream open_regular_file(const std::filesystem::path& path) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) return {};
  if (!std::filesystem::is_regular_file(status)) {
    throw Error(path.string() + ": expected a regular file, found a folder, a FIFO or a device", SS_IO);
  }
  return std::ifstream(path, std::ios::binary);
}

// All of an open file. Throws where that is more than `most` bytes, before more is read.
inline std::string read_all(std::ifstream& file, std::uint64_t most, const std::filesystem::path& path) {
  std::string bytes;
  for (std::istreambuf_iterator<char> next(file), end; next != end; ++next) {
    if (bytes.size() == most) {
      throw Error(path.string() + ": expected at most " + std::to_string(most) + " bytes, found more", SS_IO);
    }
    bytes.push_back(*next);
  }
  return bytes;
}

}  // namespace v1
}  // namespace ss

#endif
