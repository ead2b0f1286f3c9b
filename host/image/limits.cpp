#include "image/limits.h"

#include <string>

#include "base/error.h"
#include "base/size_text.h"

namespace sshost::image {

namespace {

std::string text_of(int64_t width, int64_t height) { return size_text(height, width) + " pixels"; }

}  // namespace

void check_density(int64_t width, int64_t height, uint64_t file_bytes) {
  const int64_t pixels = width * height;
  if (pixels <= kMostPixelsOfFewBytes || static_cast<uint64_t>(pixels / kMostPixelsOfAByte) <= file_bytes) return;
  throw Error(text_of(width, height) + " of a file of " + std::to_string(file_bytes) +
              " bytes: that is no photograph, and may be made to exhaust the memory; from " +
              std::to_string(kMostPixelsOfFewBytes) + " pixels on a file has to have a byte for each " +
              std::to_string(kMostPixelsOfAByte));
}

void check_size(int64_t width, int64_t height, uint64_t file_bytes, bool is_label) {
  if (width < 1 || height < 1) throw Error(text_of(width, height) + " are no image");
  if (height > kMostPixels / width) {
    throw Error(text_of(width, height) + " are more than the " + std::to_string(kMostPixels) +
                " that are decoded at once; cut the image into tiles");
  }
  if (!is_label) check_density(width, height, file_bytes);
}

void check_samples(int64_t width, int64_t height, int64_t samples) {
  if (samples >= 1 && samples <= kMostSamplesOfAPixel && width * height <= kMostSamples / samples) return;
  throw Error(std::to_string(samples) + " samples for each of " + text_of(width, height) + " are more than the " +
              std::to_string(kMostSamplesOfAPixel) + " and, in all, " + std::to_string(kMostSamples) +
              " that are read");
}

}  // namespace sshost::image
