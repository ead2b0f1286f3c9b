#include "file/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>

#include "base/error.h"

namespace sshost::file {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostText = 512;

std::string own_text() {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '?';
  const time_t now = time(nullptr);
  tm parts{};
  std::array<char, 32> since{};
  strftime(since.data(), since.size(), "%Y-%m-%d %H:%M:%S UTC", gmtime_r(&now, &parts));
  return "process " + std::to_string(getpid()) + " on " + host.data() + " since " + since.data() + "\n";
}

// What the holder wrote, or as much of it as is there yet.
std::string holder(int descriptor) {
  std::array<char, kMostText> text{};
  const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
  const std::string all(text.data(), count > 0 ? static_cast<size_t>(count) : 0);
  return all.empty() ? "another process" : all.substr(0, all.find('\n'));
}

[[noreturn]] void fail(const fs::path& path, const char* reason) {
  throw Error("cannot lock the folder: " + path.string() + ": " + reason);
}

int open_lock(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
  if (descriptor < 0) fail(path, std::strerror(errno));
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) return descriptor;
  ::close(descriptor);
  fail(path, "it is no regular file");
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) : descriptor_(open_lock(folder / ".lock")) {
  is_held_ = ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0;
  if (!is_held_ && errno == EWOULDBLOCK) {
    const std::string who = holder(descriptor_);
    ::close(descriptor_);
    throw UsageError("output: " + folder.string() + " is being written by " + who +
                     "; wait for its end, stop it, or name another folder by --output");
  }
  const std::string text = own_text();  // for people: without it the lock holds as well
  if (::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, text.data(), text.size(), 0) < 0) errno = 0;
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace sshost::file
