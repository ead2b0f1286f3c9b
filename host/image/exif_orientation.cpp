#include "image/exif_orientation.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace sshost::image {
namespace {

constexpr uint32_t kOrientationTag = 274;
constexpr int kUpright = 1;
constexpr int kLast = 8;
constexpr std::string_view kPrefix{"Exif\0\0", 6};

// Numbers in the byte order that the data begin with.
class Numbers {
 public:
  explicit Numbers(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  bool is_big_endian() const { return bytes_[0] == 'M'; }

  // Of two or four bytes; nothing behind the end.
  std::optional<uint32_t> at(size_t offset, size_t size) const {
    if (offset > bytes_.size() || size > bytes_.size() - offset) return std::nullopt;
    uint32_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      value = value << 8U | bytes_[offset + (is_big_endian() ? i : size - 1 - i)];
    }
    return value;
  }

 private:
  std::span<const uint8_t> bytes_;
};

}  // namespace

int exif_orientation(std::span<const uint8_t> exif) {
  if (exif.size() > kPrefix.size() && std::equal(kPrefix.begin(), kPrefix.end(), exif.begin())) {
    exif = exif.subspan(kPrefix.size());
  }
  if (exif.empty()) return kUpright;
  const Numbers numbers(exif);
  const auto directory = numbers.at(4, 4);
  const auto entries = directory ? numbers.at(*directory, 2) : std::nullopt;
  for (size_t i = 0; entries && i < *entries; ++i) {
    const size_t entry = *directory + 2 + 12 * i;  // tag, type, count, value
    const auto tag = numbers.at(entry, 2);
    if (!tag) return kUpright;
    if (*tag != kOrientationTag) continue;
    const auto value = numbers.at(entry + 8, 2);
    return value && *value >= kUpright && *value <= kLast ? static_cast<int>(*value) : kUpright;
  }
  return kUpright;
}

void turn(cv::Mat& pixels, int orientation) {
  constexpr int kUpsideDown = 0, kMirrored = 1, kBoth = -1;  // of cv::flip
  if (orientation >= 5 && orientation <= kLast) cv::transpose(pixels, pixels);
  if (orientation == 4 || orientation == 8) cv::flip(pixels, pixels, kUpsideDown);
  if (orientation == 2 || orientation == 6) cv::flip(pixels, pixels, kMirrored);
  if (orientation == 3 || orientation == 7) cv::flip(pixels, pixels, kBoth);
}

}  // namespace sshost::image
