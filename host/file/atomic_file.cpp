#include "file/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace sshost::file {
namespace {

constexpr std::string_view kPartialSuffix = ".partial";

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

std::filesystem::path partial_name(const std::filesystem::path& path) {
  std::filesystem::path partial = path;
  partial += kPartialSuffix;
  return partial;
}

void remove_partial_files(const std::filesystem::path& folder) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == kPartialSuffix) std::filesystem::remove(entry.path(), ignored);
  }
}

AtomicFile::AtomicFile(std::filesystem::path path, uint64_t bytes)
    : path_(std::move(path)), partial_(partial_name(path_)), bytes_(bytes) {
  descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(errno);
  if (bytes == 0 || ::fallocate(descriptor_, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0) return;
  const int error_number = errno;
  if (error_number != ENOSPC && error_number != EFBIG && error_number != EDQUOT)
    return;  // cannot reserve: write anyway
  ::close(descriptor_);
  ::unlink(partial_.c_str());
  fail(error_number);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(partial_.c_str());
}

void AtomicFile::fail(int error_number) const {
  const auto folder = folder_of(path_);
  throw Error("cannot save " + path_.string() + ": " + std::strerror(error_number) + "; it needs " +
              std::to_string(bytes_) + " bytes, " + free_space(folder) + " bytes are free in " + folder.string() +
              ". Earlier files are unchanged; free some space there or choose another output folder.");
}

void AtomicFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail(errno);
  const int descriptor = std::exchange(descriptor_, -1);
  const int close_error = ::close(descriptor) == 0 ? 0 : errno;
  if (close_error != 0 || ::rename(partial_.c_str(), path_.c_str()) != 0) {
    const int error_number = close_error != 0 ? close_error : errno;
    ::unlink(partial_.c_str());
    fail(error_number);
  }
  if (const int error_number = sync_folder(folder_of(path_)); error_number != 0) fail(error_number);
}

void write_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file(path, text.size());
  file.write(text);
  file.commit();
}

}  // namespace sshost::file
