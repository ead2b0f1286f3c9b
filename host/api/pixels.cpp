#include "api/pixels.h"

#include <array>
#include <limits>
#include <opencv2/imgproc.hpp>
#include <string>

#include "api/enumeration.h"
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
constexpr std::array<Format, 6> kFormats = {{
    {3, kNone, kNone},                             // SSHOST_RGB8
    {3, cv::COLOR_BGR2RGB, cv::COLOR_BGR2RGB},     // SSHOST_BGR8
    {4, cv::COLOR_RGBA2RGB, kNone},                // SSHOST_RGBA8
    {4, cv::COLOR_BGRA2RGB, cv::COLOR_BGRA2RGBA},  // SSHOST_BGRA8
    {1, cv::COLOR_GRAY2RGB, kNone},                // SSHOST_GRAY8
    {3, kNone, kNone},                             // SSHOST_RGB8_PLANES
}};

const Format& format_of(const sshost_image& image) {
  const int64_t number = number_of(image.pixels);
  if (number < 0 || number >= static_cast<int64_t>(kFormats.size())) {
    refuse("sshost_image.pixels: " + std::to_string(number) + " is no known format");
  }
  return kFormats[static_cast<size_t>(number)];
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

// OpenCV has no view of memory that is only read; nothing here writes to it.
cv::Mat view_of(const sshost_image& image, int channels, int64_t first_row = 0) {
  const int64_t row = image.row_stride == 0 ? image.width * channels : image.row_stride;
  return {static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC(channels),
          static_cast<uint8_t*>(const_cast<void*>(image.data)) + first_row * row, static_cast<size_t>(row)};
}

cv::Mat merged_planes(const sshost_image& image) {
  std::array<cv::Mat, 3> planes;
  for (size_t i = 0; i < planes.size(); ++i) planes[i] = view_of(image, 1, static_cast<int64_t>(i) * image.height);
  cv::Mat merged;
  cv::merge(planes.data(), planes.size(), merged);
  return merged;
}

}  // namespace

cv::Mat pixels_of(const sshost_image& image, int64_t channels) {
  const Format& format = format_of(image);
  if (channels != 3 && channels != format.channels) {
    refuse("sshost_image.pixels: expected " + std::to_string(channels) + " channels, as the model takes, found " +
           std::to_string(format.channels));
  }
  const bool has_planes = image.pixels == SSHOST_RGB8_PLANES;
  check(image, image.width * (has_planes ? 1 : format.channels));
  if (has_planes) return merged_planes(image);
  cv::Mat pixels = view_of(image, format.channels);
  const int conversion = channels == 3 ? format.to_rgb : format.to_whole;
  if (conversion == kNone) return pixels;
  cv::Mat converted;
  cv::cvtColor(pixels, converted, conversion);
  return converted;
}

}  // namespace sshost::api
