#include "file/writable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace sshost::file {
namespace {

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& reason) {
  throw Error("cannot write " + path.string() + ": " + reason);
}

int open_regular(const std::filesystem::path& path) {
  const int flags = O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  const int descriptor = ::open(path.c_str(), flags, 0666);
  if (descriptor < 0) fail(path, errno == ELOOP ? "it is a link, which is not followed" : std::strerror(errno));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  ::close(descriptor);
  fail(path, "it is no regular file");
}

}  // namespace

WritableFile::WritableFile(std::filesystem::path path) : path_(std::move(path)), descriptor_(open_regular(path_)) {}

WritableFile::~WritableFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

WritableFile::WritableFile(WritableFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

void WritableFile::append(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::write(descriptor_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path_, std::strerror(errno));
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

}  // namespace sshost::file
