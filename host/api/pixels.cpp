#include "api/pixels.h"

#include <array>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <string>

#include "api/error.h"
#include "base/size_text.h"

namespace sshost::api {
namespace {

struct Format {
  int channels;
  int to_rgb;    // OpenCV's conversion; kNone: it is RGB
  int to_whole;  // likewise, with all of its channels
};
constexpr int kNone = -1;
constexpr std::array<Format, 5> kFormats = {{
    {3, kNone, kNone},                             // SSHOST_RGB8
    {3, cv::COLOR_BGR2RGB, cv::COLOR_BGR2RGB},     // SSHOST_BGR8
    {4, cv::COLOR_RGBA2RGB, kNone},                // SSHOST_RGBA8
    {4, cv::COLOR_BGRA2RGB, cv::COLOR_BGRA2RGBA},  // SSHOST_BGRA8
    {1, cv::COLOR_GRAY2RGB, kNone},                // SSHOST_GRAY8
}};

const Format& format_of(const sshost_image& image) {
  const auto index = static_cast<size_t>(image.pixels);
  if (index >= kFormats.size()) refuse("sshost_image.pixels: " + std::to_string(image.pixels) + " is no known format");
  return kFormats[index];
}

void check(const sshost_image& image, int64_t row) {
  if (image.data == nullptr) refuse("sshost_image.data: expected pixels, found NULL");
  constexpr int64_t kLongest = std::numeric_limits<int>::max() / 4;
  if (image.height < 1 || image.width < 1 || image.height > kLongest || image.width > kLongest) {
    refuse("sshost_image: expected a height and width from 1 to " + std::to_string(kLongest) + ", found " +
           size_text(image.height, image.width));
  }
  if (image.row_stride == 0 || image.row_stride >= row) return;
  refuse("sshost_image.row_stride: expected 0 or at least " + std::to_string(row) + " bytes, found " +
         std::to_string(image.row_stride));
}

}  // namespace

cv::Mat pixels_of(const sshost_image& image, int64_t channels) {
  const Format& format = format_of(image);
  if (channels != 3 && channels != format.channels) {
    refuse("sshost_image.pixels: expected " + std::to_string(channels) + " channels, as the model takes, found " +
           std::to_string(format.channels));
  }
  const int64_t row = image.width * format.channels;
  check(image, row);
  // OpenCV has no view of memory that is only read; nothing below writes to it.
  const cv::Mat pixels(static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC(format.channels),
                       const_cast<void*>(image.data),
                       static_cast<size_t>(image.row_stride == 0 ? row : image.row_stride));
  const int conversion = channels == 3 ? format.to_rgb : format.to_whole;
  if (conversion == kNone) return pixels;
  cv::Mat converted;
  cv::cvtColor(pixels, converted, conversion);
  return converted;
}

}  // namespace sshost::api
