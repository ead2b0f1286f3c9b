// The look at the first bytes, and every decoder of images behind it.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "image/formats.h"
#include "image/image_file.h"

namespace {

constexpr int64_t kMostPixels = 1 << 16;  // more is the same again, and slow

bool is_small(const sshost::image::Source& source) {
  const auto decoder = sshost::image::format_of(source).open(source);
  return decoder->width() < kMostPixels && decoder->height() < kMostPixels &&
         decoder->width() * decoder->height() <= kMostPixels;
}

void require_size(const cv::Mat& pixels, int type) {
  if (pixels.empty() || (pixels.type() != type && pixels.type() != CV_16UC1)) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace sshost;
  const image::MemorySource source({data, size});
  for (const image::Mode mode : {image::Mode::kRgb, image::Mode::kLabel}) {
    try {
      if (!is_small(source)) return 0;
      require_size(decode_image(source, mode).pixels, mode == image::Mode::kRgb ? CV_8UC3 : CV_8UC1);
    } catch (const Error&) {
    }
  }
  return 0;
}
