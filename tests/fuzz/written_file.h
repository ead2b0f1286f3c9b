#ifndef SSHOST_TESTS_FUZZ_WRITTEN_FILE_H
#define SSHOST_TESTS_FUZZ_WRITTEN_FILE_H

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sshost/error.hpp>
#include <stdexcept>
#include <string>

#include "base/error.h"

namespace sshost::test {

// A folder of the process, for readers that take a path.
inline const std::filesystem::path& fuzz_folder() {
  static const std::filesystem::path made = [] {
    std::string pattern = (std::filesystem::temp_directory_path() / "sshost-fuzz-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    return std::filesystem::path(pattern);
  }();
  return made;
}

// The input as a file in that folder, written anew.
class WrittenFile {
 public:
  WrittenFile(const std::string& name, const uint8_t* data, size_t size) : path_(fuzz_folder() / name) {
    std::ofstream(path_, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// What a reader of the host or of a plugin may refuse, by its Error and by nothing else.
template <typename Read>
void refusable(Read&& read) {
  try {
    read();
  } catch (const Error&) {
  } catch (const ss::Error&) {
  }
}

}  // namespace sshost::test

#endif  // SSHOST_TESTS_FUZZ_WRITTEN_FILE_H
