#include "file/append_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace sshost::file {
namespace {

// An open file of lines.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& path)
      : path_(path), descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666)) {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0) fail(errno);
    if (!S_ISREG(status.st_mode)) fail(EINVAL);
    size_ = status.st_size;
  }
  ~Lines() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Lines(const Lines&) = delete;
  Lines& operator=(const Lines&) = delete;

  void drop_half_line() {
    const off_t whole = end_of_lines();
    if (whole < size_) cut(whole);
  }

  void append(const std::string& text) {
    for (size_t done = 0; done < text.size();) {
      const ssize_t count =
          ::pwrite(descriptor_, text.data() + done, text.size() - done, size_ + static_cast<off_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count >= 0) {
        done += static_cast<size_t>(count);
        continue;
      }
      const int error_number = errno;
      if (done > 0) cut(size_);
      fail(error_number);
    }
  }

 private:
  [[noreturn]] void fail(int error_number) {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    throw Error("cannot write " + path_.string() + ": " + std::strerror(error_number));
  }

  void cut(off_t size) {
    if (::ftruncate(descriptor_, size) != 0) fail(errno);
    size_ = size;
  }

  // Behind the last line's end.
  off_t end_of_lines() {
    std::array<char, 4096> block{};
    for (off_t end = size_; end > 0;) {
      const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(block.size()));
      const auto bytes = static_cast<size_t>(end - begin);
      if (::pread(descriptor_, block.data(), bytes, begin) != static_cast<ssize_t>(bytes)) fail(errno);
      for (size_t i = bytes; i > 0; --i) {
        if (block[i - 1] == '\n') return begin + static_cast<off_t>(i);
      }
      end = begin;
    }
    return 0;
  }

  std::filesystem::path path_;
  int descriptor_;
  off_t size_ = 0;
};

}  // namespace

void append_line(const std::filesystem::path& path, std::string_view line) {
  Lines lines(path);
  lines.drop_half_line();
  lines.append(std::string(line) + "\n");
}

}  // namespace sshost::file
