#include "data/image_depth.h"

#include <algorithm>
#include <opencv2/core.hpp>
#include <string>

#include "base/error.h"
#include "file/regular_file.h"
#include "image/image_file.h"

namespace sshost::data {

namespace {

// Told by the first bytes. Of a TIFF and a PNM it is not known before they are decoded.
bool may_have_16_bits(const std::filesystem::path& path) {
  constexpr size_t kDepth = 24;  // where a PNG says it
  std::string head(kDepth + 1, '\0');
  file::RegularFile(path).read(0, head.data(), head.size());
  const bool is_tiff = head.starts_with("II") || head.starts_with("MM");
  const bool is_pnm = head[0] == 'P' && head[1] >= '1' && head[1] <= '6';
  return is_tiff || is_pnm || (head.starts_with("\x89PNG") && head[kDepth] == 16);
}

}  // namespace

std::optional<int64_t> largest_of_16_bits(const std::filesystem::path& path) try {
  if (!may_have_16_bits(path)) return std::nullopt;
  const cv::Mat pixels = image::read_image(path, image::Mode::kSamples).pixels;
  if (pixels.depth() != CV_16U) return std::nullopt;
  const int colors = pixels.channels() == 2 || pixels.channels() == 4 ? pixels.channels() - 1 : pixels.channels();
  double largest = 0;
  for (int channel = 0; channel < colors; ++channel) {
    cv::Mat plane;
    double most = 0;
    cv::extractChannel(pixels, plane, channel);
    cv::minMaxLoc(plane, nullptr, &most);
    largest = std::max(largest, most);
  }
  return static_cast<int64_t>(largest);
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace sshost::data
