#include "file/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace sshost::file {
namespace {

constexpr size_t kChunk = size_t{1} << 16;  // of a file that tells no size

const char* name_of(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO (named pipe)";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  return "something else";
}

void require_regular(const std::filesystem::path& path, const struct stat& status) {
  if (S_ISREG(status.st_mode)) return;
  throw UnreadableFile(path, "it is " + std::string(name_of(status.st_mode)) + ", not a regular file");
}

// Before it is opened, since opening some devices does something; and again once it is open, since another file may
// have taken the name meanwhile.
int open_regular(const std::filesystem::path& path, struct stat& status) {
  if (::stat(path.c_str(), &status) != 0) throw UnreadableFile(path, std::strerror(errno));
  require_regular(path, status);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0 || ::fstat(descriptor, &status) == 0) return descriptor;
  const int error_number = errno;
  ::close(descriptor);
  errno = error_number;
  return -1;
}

std::string too_long(uint64_t most) { return "it has more than the " + std::to_string(most) + " bytes that are read"; }

}  // namespace

RegularFile::RegularFile(const std::filesystem::path& path) : path_(path) {
  struct stat status {};
  descriptor_ = open_regular(path, status);
  if (descriptor_ < 0) throw UnreadableFile(path, std::strerror(errno));
  size_ = static_cast<uint64_t>(status.st_size);
  if (S_ISREG(status.st_mode)) return;
  ::close(descriptor_);
  require_regular(path, status);
}

RegularFile::~RegularFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

RegularFile::RegularFile(RegularFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), size_(other.size_) {}

size_t RegularFile::read(uint64_t offset, void* out, size_t bytes) const {
  auto* next = static_cast<char*>(out);
  size_t done = 0;
  while (done < bytes) {
    const ssize_t count = ::pread(descriptor_, next + done, bytes - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw UnreadableFile(path_, std::strerror(errno));
    if (count == 0) break;
    done += static_cast<size_t>(count);
  }
  return done;
}

std::string RegularFile::read_all(uint64_t most) const {
  if (size_ > most) throw UnreadableFile(path_, too_long(most));
  std::string text;
  for (size_t expected = size_ + 1;; expected = kChunk) {  // one more than there should be: it may have grown
    const size_t before = text.size();
    text.resize(before + expected);
    text.resize(before + read(before, text.data() + before, expected));
    if (text.size() > most) throw UnreadableFile(path_, too_long(most));
    if (text.size() < before + expected) return text;
  }
}

std::string read_file(const std::filesystem::path& path, uint64_t most) { return RegularFile(path).read_all(most); }

}  // namespace sshost::file
