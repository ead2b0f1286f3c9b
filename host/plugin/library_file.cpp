#include "plugin/library_file.h"

#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

file::RegularFile open_file(const std::filesystem::path& path) try {
  return file::RegularFile(path);
} catch (const file::UnreadableFile& error) {
  throw Refused("the file cannot be opened: " + error.reason());
}

}  // namespace

LibraryFile::LibraryFile(const std::filesystem::path& path) : file_(open_file(path)) {}

void LibraryFile::require(uint64_t offset, uint64_t length, std::string_view what) const {
  if (holds(offset, length)) return;
  throw Refused("the file is truncated or corrupt: " + std::string(what) + " should be the " + std::to_string(length) +
                " bytes from byte " + std::to_string(offset) + " on, but the file has " + std::to_string(size()) +
                " bytes; build or copy it again");
}

std::string LibraryFile::read(uint64_t offset, uint64_t length, std::string_view what) const {
  require(offset, length, what);
  std::string bytes(length, '\0');
  read_into(bytes.data(), offset, length, what);
  return bytes;
}

void LibraryFile::read_into(void* out, uint64_t offset, uint64_t length, std::string_view what) const {
  require(offset, length, what);
  size_t count = 0;
  try {
    count = file_.read(offset, out, length);
  } catch (const file::UnreadableFile& error) {
    throw Refused("reading " + std::string(what) + " failed: " + error.reason());
  }
  if (count < length) throw Refused("the file shrank while " + std::string(what) + " was read");
}

}  // namespace sshost::plugin
