#include "file/append_file.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/error.h"
#include "file/writable_file.h"

namespace sshost::file {
namespace {

// An open file of lines.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& path) : file_(path), size_(::lseek(file_.descriptor(), 0, SEEK_END)) {}

  void drop_half_line() {
    const off_t whole = end_of_lines();
    if (whole < size_) cut(whole);
  }

  void append(const std::string& text) try { file_.append(text); } catch (const Error&) {
    cut(size_);
    throw;
  }

 private:
  [[noreturn]] void fail(int error_number) const {
    throw Error("cannot write " + file_.path().string() + ": " + std::strerror(error_number));
  }

  void cut(off_t size) {
    if (::ftruncate(file_.descriptor(), size) != 0) fail(errno);
    size_ = size;
  }

  // Behind the last line's end.
  off_t end_of_lines() {
    std::array<char, 4096> block{};
    for (off_t end = size_; end > 0;) {
      const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(block.size()));
      const auto bytes = static_cast<size_t>(end - begin);
      if (::pread(file_.descriptor(), block.data(), bytes, begin) != static_cast<ssize_t>(bytes)) fail(errno);
      for (size_t i = bytes; i > 0; --i) {
        if (block[i - 1] == '\n') return begin + static_cast<off_t>(i);
      }
      end = begin;
    }
    return 0;
  }

  WritableFile file_;
  off_t size_;
};

}  // namespace

void append_line(const std::filesystem::path& path, std::string_view line) {
  Lines lines(path);
  lines.drop_half_line();
  lines.append(std::string(line) + "\n");
}

}  // namespace sshost::file
