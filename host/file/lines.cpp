#include "file/lines.h"

#include <array>
#include <string>

#include "file/regular_file.h"

namespace sshost::file {
namespace {

// Puts pieces of a file together to lines.
class LineBuilder {
 public:
  LineBuilder(size_t longest, const std::function<void(std::string_view)>& take) : longest_(longest), take_(take) {}

  void add(std::string_view piece) {
    for (size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
      extend(piece.substr(0, end));
      finish();
      piece.remove_prefix(end + 1);
    }
    extend(piece);
    has_rest_ = has_rest_ || !piece.empty();
  }

  void finish() {
    if (!is_too_long_) take_(line_);
    line_.clear();
    is_too_long_ = has_rest_ = false;
  }

  bool has_rest() const { return has_rest_; }

 private:
  void extend(std::string_view text) {
    is_too_long_ = is_too_long_ || line_.size() + text.size() > longest_;
    is_too_long_ ? line_.clear() : static_cast<void>(line_.append(text));
  }

  const size_t longest_;
  const std::function<void(std::string_view)>& take_;
  std::string line_;
  bool is_too_long_ = false, has_rest_ = false;
};

}  // namespace

void read_lines(const std::filesystem::path& path, size_t longest, const std::function<void(std::string_view)>& take) {
  const RegularFile file(path);
  LineBuilder lines(longest, take);
  std::array<char, 1 << 16> piece{};
  uint64_t offset = 0;
  for (size_t count = piece.size(); count == piece.size(); offset += count) {
    count = file.read(offset, piece.data(), piece.size());
    lines.add({piece.data(), count});
  }
  if (lines.has_rest()) lines.finish();
}

}  // namespace sshost::file
