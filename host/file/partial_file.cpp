#include "file/partial_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace sshost::file {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = ".sshost-", kSuffix = ".partial";
constexpr size_t kDigits = 16;
constexpr int kTries = 16;
constexpr time_t kOld = time_t{24} * 60 * 60;  // seconds: nobody writes so long without a lock
constexpr time_t kOldLink = 60;                // a link is renamed as soon as it is made
constexpr time_t kAnyAge = -(time_t{1} << 40);

bool is_random_name(const std::string& name) {
  if (name.size() != kPrefix.size() + kDigits + kSuffix.size()) return false;
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return false;
  const std::string_view digits = std::string_view(name).substr(kPrefix.size(), kDigits);
  return digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_older(const struct stat& status, time_t seconds) { return time(nullptr) - status.st_mtime > seconds; }

enum class Lock { kOurs, kTaken, kUnknown };

Lock lock(int descriptor) {
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return Lock::kOurs;
  return errno == EWOULDBLOCK ? Lock::kTaken : Lock::kUnknown;  // unknown: some network file systems have no locks
}

// Whether nobody writes it any more. Links have no locks.
bool is_left_behind(const fs::path& path, const struct stat& status, time_t old_link) {
  if (S_ISLNK(status.st_mode)) return is_older(status, old_link);
  if (!S_ISREG(status.st_mode)) return false;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return false;
  const Lock state = lock(descriptor);
  ::close(descriptor);
  return state == Lock::kOurs || (state == Lock::kUnknown && is_older(status, kOld));
}

template <typename IsOne>
void remove_where(const fs::path& folder, time_t old_link, const IsOne& is_one) {
  std::error_code ignored;
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
    struct stat status {};
    const fs::path& path = entry->path();
    if (!is_one(path) || ::lstat(path.c_str(), &status) != 0) continue;
    if (is_left_behind(path, status, old_link)) ::unlink(path.c_str());
  }
}

// The folders that this process has tidied: looking through one costs as much as it has files.
class TidyFolders {
 public:
  void tidy(const fs::path& folder) {
    std::error_code error;
    const fs::path identity = fs::canonical(folder, error);
    if (error) return;
    {
      const std::lock_guard lock(mutex_);
      if (!done_.insert(identity).second) return;
    }
    remove_partial_files(folder);
  }

 private:
  std::mutex mutex_;
  std::set<fs::path> done_;
};

}  // namespace

fs::path random_partial_name(const fs::path& folder) {
  uint64_t number = 0;
  if (getrandom(&number, sizeof number, 0) != sizeof number) throw std::system_error(errno, std::generic_category());
  char digits[kDigits + 1];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(number));
  return folder / (std::string(kPrefix) + digits + std::string(kSuffix));
}

void remove_partial_files(const fs::path& folder) {
  remove_where(folder, kOldLink, [](const fs::path& path) { return is_random_name(path.filename()); });
}

void remove_all_partial_files(const fs::path& folder) {
  remove_where(folder, kAnyAge, [](const fs::path& path) { return path.extension() == kSuffix; });
}

PartialFile::PartialFile(const fs::path& folder) {
  static TidyFolders tidy;
  tidy.tidy(folder);
  for (int tried = 0; tried < kTries; ++tried) {
    if (try_open(folder)) return;
  }
  throw std::system_error(EEXIST, std::generic_category());
}

// False where another process took it for one that was left behind, between its making and its locking.
bool PartialFile::try_open(const fs::path& folder) {
  path_ = random_partial_name(folder);
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (descriptor_ < 0) {
    if (errno == EEXIST) return false;
    throw std::system_error(errno, std::generic_category());
  }
  struct stat status {};
  if (lock(descriptor_) != Lock::kTaken && ::fstat(descriptor_, &status) == 0 && status.st_nlink > 0) return true;
  ::unlink(path_.c_str());
  ::close(std::exchange(descriptor_, -1));
  return false;
}

PartialFile::~PartialFile() {
  if (descriptor_ < 0) return;
  ::unlink(path_.c_str());
  ::close(descriptor_);
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

// Renamed before it is closed, so that nobody finds it without a lock.
int PartialFile::rename_to(const fs::path& path) {
  if (::fsync(descriptor_) != 0) return errno;
  if (::rename(path_.c_str(), path.c_str()) != 0) return errno;
  return ::close(std::exchange(descriptor_, -1)) == 0 ? 0 : errno;
}

}  // namespace sshost::file
