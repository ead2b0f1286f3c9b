// The look at the first bytes, and every decoder of images behind it.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

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

void read_rows(std::span<const uint8_t> bytes) {
  using namespace sshost::image;
  auto source = std::make_unique<MemorySource>(bytes);
  const Format& format = format_of(*source);
  if (format.open_rows == nullptr || !is_small(*source)) return;
  const auto rows = format.open_rows(std::move(source));
  for (int64_t y = 0; y < rows->height(); ++y) require_size(rows->read(1), CV_8UC3);
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
  try {
    if (decode_image(source, image::Mode::kSamples).pixels.empty()) __builtin_trap();
  } catch (const Error&) {
  }
  try {
    read_rows({data, size});
  } catch (const Error&) {
  }
  return 0;
}
