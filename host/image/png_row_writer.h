#ifndef SSHOST_IMAGE_PNG_ROW_WRITER_H
#define SSHOST_IMAGE_PNG_ROW_WRITER_H

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::image {

enum class PngPixel {
  kPalette,  // 8-bit indices of a palette
  kGrey8,
  kGrey16,
  kRgb
};

struct PngLayout {
  int64_t width = 0;
  int64_t height = 0;
  PngPixel pixel = PngPixel::kGrey8;
  std::vector<std::array<uint8_t, 3>> palette = {};  // RGB; of kPalette, 1 to 256 entries
};

// Writes a PNG from top to bottom, so that it never has to be in memory as a whole. The file appears under its name
// with `commit`, or not at all (checkpoint/atomic_file.h). Functions throw Error with the path. Threads: one at a time.
class PngRowWriter {
 public:
  PngRowWriter(const std::filesystem::path& path, const PngLayout& layout);
  ~PngRowWriter();
  PngRowWriter(const PngRowWriter&) = delete;
  PngRowWriter& operator=(const PngRowWriter&) = delete;

  // The next rows: CV_8UC1, CV_16UC1 for kGrey16, CV_8UC3 RGB for kRgb, of the layout's width.
  void write(const cv::Mat& rows);

  // After the last row.
  void commit();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_ROW_WRITER_H
