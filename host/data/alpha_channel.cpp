#include "data/alpha_channel.h"

#include <opencv2/core.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "file/regular_file.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

// Told by the first bytes, so that others need not be decoded. Of a TIFF it is not known before.
bool may_have_alpha(const std::filesystem::path& path) {
  constexpr size_t kPngColors = 25;  // where a PNG says it: bit 2 is alpha
  constexpr size_t kWebpKind = 12, kWebpFlags = 20;
  std::string head(kPngColors + 1, '\0');
  file::RegularFile(path).read(0, head.data(), head.size());
  if (head.starts_with("\x89PNG")) return (head[kPngColors] & 4) != 0;
  if (head.starts_with("RIFF")) {
    return head.compare(kWebpKind, 4, "VP8L") == 0 ||
           (head.compare(kWebpKind, 4, "VP8X") == 0 && (head[kWebpFlags] & 0x10) != 0);
  }
  return head.starts_with("II") || head.starts_with("MM");
}

bool varies(const cv::Mat& plane) {
  double least = 0, most = 0;
  cv::minMaxLoc(plane, &least, &most);
  return least != most;
}

}  // namespace

std::optional<AlphaChannel> alpha_channel(const std::filesystem::path& path) try {
  if (!may_have_alpha(path)) return std::nullopt;
  std::vector<cv::Mat> planes;
  cv::split(image::read_image(path, image::Mode::kSamples).pixels, planes);
  if (planes.size() != 2 && planes.size() != 4) return std::nullopt;
  const cv::Mat alpha = planes.back();
  planes.pop_back();
  AlphaChannel found{varies(alpha)};
  const auto pixels = static_cast<double>(alpha.total());
  found.transparent = (pixels - cv::countNonZero(alpha)) / pixels;
  for (const cv::Mat& plane : planes) found.colors_vary = found.colors_vary || varies(plane);
  return found;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace sshost::data
