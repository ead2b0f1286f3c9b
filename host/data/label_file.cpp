#include "data/label_file.h"

#include <string>

#include "base/error.h"
#include "file/regular_file.h"
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

bool is_lossy(const std::filesystem::path& path) try {
  std::string head(16, '\0');
  head.resize(file::RegularFile(path).read(0, head.data(), head.size()));
  const bool is_webp = head.starts_with("RIFF") && head.size() == 16 && head.compare(8, 8, "WEBPVP8 ") == 0;
  return head.starts_with("\xff\xd8\xff") || is_webp;
} catch (const file::UnreadableFile&) {
  return false;
}

bool have_one_shape(const cv::Size& image, const cv::Size& label) {
  constexpr double kMostStretched = 1.05;
  const double stretch =
      static_cast<double>(image.width) * label.height / (static_cast<double>(image.height) * label.width);
  return stretch < kMostStretched && stretch > 1 / kMostStretched;
}

}  // namespace sshost::data
