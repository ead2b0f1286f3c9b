#include "image/limits.h"

#include <string>

#include "base/error.h"

namespace sshost::image {

void check_size(int64_t width, int64_t height, uint64_t file_bytes, bool is_label) {
  const std::string size = std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width < 1 || height < 1) throw Error(size + " are no image");
  if (height > kMostPixels / width) {
    throw Error(size + " are more than the " + std::to_string(kMostPixels) +
                " that are decoded at once; cut the image into tiles");
  }
  const int64_t pixels = width * height;
  if (is_label || pixels <= kMostPixelsOfFewBytes) return;
  if (static_cast<uint64_t>(pixels / kMostPixelsOfAByte) > file_bytes) {
    throw Error(size + " of a file of " + std::to_string(file_bytes) +
                " bytes: that is no photograph, and may be made to exhaust the memory; from " +
                std::to_string(kMostPixelsOfFewBytes) + " pixels on a file has to have a byte for each " +
                std::to_string(kMostPixelsOfAByte));
  }
}

}  // namespace sshost::image
