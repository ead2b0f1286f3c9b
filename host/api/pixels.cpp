#include "api/pixels.h"

#include <array>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <string>

#include "api/error.h"

namespace sshost::api {
namespace {

struct Format {
  int channels;
  int to_rgb;  // OpenCV's conversion; kNone: it is RGB
};
constexpr int kNone = -1;
constexpr std::array<Format, 5> kFormats = {{
    {3, kNone},               // SSHOST_RGB8
    {3, cv::COLOR_BGR2RGB},   // SSHOST_BGR8
    {4, cv::COLOR_RGBA2RGB},  // SSHOST_RGBA8
    {4, cv::COLOR_BGRA2RGB},  // SSHOST_BGRA8
    {1, cv::COLOR_GRAY2RGB},  // SSHOST_GRAY8
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
           std::to_string(image.height) + " x " + std::to_string(image.width));
  }
  if (image.row_stride == 0 || image.row_stride >= row) return;
  refuse("sshost_image.row_stride: expected 0 or at least " + std::to_string(row) + " bytes, found " +
         std::to_string(image.row_stride));
}

}  // namespace

cv::Mat rgb_of(const sshost_image& image) {
  const Format& format = format_of(image);
  const int64_t row = image.width * format.channels;
  check(image, row);
  // OpenCV has no view of memory that is only read; nothing below writes to it.
  const cv::Mat pixels(static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC(format.channels),
                       const_cast<void*>(image.data),
                       static_cast<size_t>(image.row_stride == 0 ? row : image.row_stride));
  if (format.to_rgb == kNone) return pixels;
  cv::Mat rgb;
  cv::cvtColor(pixels, rgb, format.to_rgb);
  return rgb;
}

}  // namespace sshost::api
