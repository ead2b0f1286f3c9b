#include "data/label_file.h"

#include "base/error.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

cv::Mat pixels_or_none(const std::filesystem::path& path, image::Mode mode) try {
  return image::read_image(path, mode).pixels;
} catch (const Error&) {
  return {};
}

}  // namespace

cv::Mat stored_numbers(const std::filesystem::path& path) { return pixels_or_none(path, image::Mode::kLabel); }

cv::Mat stored_label(const std::filesystem::path& path) {
  const cv::Mat numbers = stored_numbers(path);
  return numbers.empty() ? pixels_or_none(path, image::Mode::kColorLabel) : numbers;
}

bool have_one_shape(const cv::Size& image, const cv::Size& label) {
  constexpr double kMostStretched = 1.05;
  const double stretch =
      static_cast<double>(image.width) * label.height / (static_cast<double>(image.height) * label.width);
  return stretch < kMostStretched && stretch > 1 / kMostStretched;
}

}  // namespace sshost::data
