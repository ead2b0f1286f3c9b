#include "file/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <utility>

namespace sshost::file {
namespace {

bool is_about_room(int error_number) {
  return error_number == ENOSPC || error_number == EFBIG || error_number == EDQUOT;
}

bool is_about_the_name(int error_number) { return error_number == ENAMETOOLONG || error_number == ELOOP; }

std::string free_space(const std::filesystem::path& folder) {
  std::error_code error;
  const auto space = std::filesystem::space(folder, error);
  return error ? "an unknown number of" : std::to_string(space.available);
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

// A rename is only durable once its folder is. File systems that cannot sync a folder say EINVAL.
int sync_folder(const std::filesystem::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int result = ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
  ::close(descriptor);
  return result;
}

}  // namespace

void require_writable_name(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (!is_about_the_name(errno)) return;
    throw UnwritableName("cannot save " + path.string() + ": " + std::strerror(errno) +
                         "; a shorter name is needed, and no link in its place");
  }
  if (S_ISREG(status.st_mode)) return;
  throw Error("cannot save " + path.string() + ": " +
              (S_ISDIR(status.st_mode) ? "it is a folder" : "it is there, and no regular file") + "; name another one");
}

AtomicFile::AtomicFile(std::filesystem::path path, uint64_t bytes)
    : path_(std::move(path)), bytes_(bytes), partial_(open_partial()) {
  reserve();
}

PartialFile AtomicFile::open_partial() const {
  require_writable_name(path_);
  try {
    return PartialFile(folder_of(path_));
  } catch (const std::system_error& error) {
    fail(error.code().value());
  }
}

void AtomicFile::reserve() const {
  if (bytes_ == 0 || ::fallocate(partial_.descriptor(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes_)) == 0) {
    return;
  }
  if (is_about_room(errno)) fail(errno);  // else it cannot reserve: write anyway
}

void AtomicFile::fail(int error_number) const {
  const std::string what = "cannot save " + path_.string() + ": " + std::strerror(error_number);
  if (!is_about_room(error_number)) throw Error(what + "; an earlier file of that name is unchanged");
  const auto folder = folder_of(path_);
  throw Error(what + "; it needs " + std::to_string(bytes_) + " bytes, " + free_space(folder) + " bytes are free in " +
              folder.string() +
              ". Earlier files are unchanged; free some space there or choose another output folder.");
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(partial_.descriptor(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void AtomicFile::commit() {
  if (const int error_number = partial_.rename_to(path_); error_number != 0) fail(error_number);
  if (const int error_number = sync_folder(folder_of(path_)); error_number != 0) fail(error_number);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file(path, text.size());
  file.write(text);
  file.commit();
}

void write_link(const std::filesystem::path& path, const std::filesystem::path& target) {
  const std::filesystem::path partial = random_partial_name(folder_of(path));
  std::error_code error;
  std::filesystem::create_symlink(target, partial, error);
  if (!error) std::filesystem::rename(partial, path, error);
  if (!error) return;
  std::error_code ignored;
  std::filesystem::remove(partial, ignored);
  throw Error("cannot make the link " + path.string() + ": " + error.message());
}

}  // namespace sshost::file
