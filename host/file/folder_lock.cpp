#include "file/folder_lock.h"

#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
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

WritableFile open_lock(const fs::path& path) try { return WritableFile(path); } catch (const Error& error) {
  throw Error(std::string("cannot lock the folder: ") + error.what());
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) : file_(open_lock(folder / ".lock")) {
  is_held_ = ::flock(file_.descriptor(), LOCK_EX | LOCK_NB) == 0;
  if (!is_held_ && errno == EWOULDBLOCK) {
    throw UsageError("output: " + folder.string() + " is being written by " + holder(file_.descriptor()) +
                     "; wait for its end, stop it, or name another folder by --output");
  }
  const std::string text = own_text();  // for people: without it the lock holds as well
  if (::ftruncate(file_.descriptor(), 0) == 0 && ::write(file_.descriptor(), text.data(), text.size()) < 0) errno = 0;
}

}  // namespace sshost::file
