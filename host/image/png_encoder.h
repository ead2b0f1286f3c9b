#ifndef SSHOST_IMAGE_PNG_ENCODER_H
#define SSHOST_IMAGE_PNG_ENCODER_H

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <opencv2/core.hpp>
#include <span>
#include <vector>

namespace sshost::image {

enum class PngPixel {
  kPalette,  // 8-bit indices of a palette
  kGrey8,
  kGrey16,
  kRgb,
  kRgba
};

// What a short file is worth.
enum class PngEffort { kLittle, kUsual, kMost };

struct PngLayout {
  int64_t width = 0;
  int64_t height = 0;
  PngPixel pixel = PngPixel::kGrey8;
  std::vector<std::array<uint8_t, 3>> palette = {};  // RGB; of kPalette, 1 to 256 entries
  PngEffort effort = PngEffort::kUsual;
};

// Encodes a PNG from top to bottom, so that it never has to be in memory as a whole. Functions throw
// EncodingError; what `sink` throws comes out as it is. Threads: one at a time.
class PngEncoder {
 public:
  using Sink = std::function<void(std::span<const uint8_t>)>;

  PngEncoder(const PngLayout& layout, Sink sink);
  ~PngEncoder();
  PngEncoder(const PngEncoder&) = delete;
  PngEncoder& operator=(const PngEncoder&) = delete;

  // The next rows: CV_8UC1, CV_16UC1 for kGrey16, CV_8UC3 RGB, CV_8UC4 RGBA, of the layout's width.
  void write(const cv::Mat& rows);

  // After the last row.
  void end();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A whole CV_8UC3 RGB or CV_8UC4 RGBA image.
std::vector<uint8_t> encode_png(const cv::Mat& pixels, PngEffort effort);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ENCODER_H
