#ifndef SSHOST_IMAGE_ROW_READER_H
#define SSHOST_IMAGE_ROW_READER_H

#include <cstdint>
#include <filesystem>
#include <memory>
#include <opencv2/core.hpp>
#include <string>

namespace sshost::image {

// Reads an image from top to bottom, so that it never has to be in memory as a whole.
// Pixels are those that OpenCV gives with IMREAD_COLOR, as RGB: grey and palettes become colours, 16 bits become 8,
// alpha is dropped. Threads: one at a time.
class RowReader {
 public:
  virtual ~RowReader() = default;
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;

  int64_t width() const { return width_; }
  int64_t height() const { return height_; }

  // What the decoder has complained of so far, though it went on; begins with the path. Empty: nothing.
  std::string warning() const;

  // The next `count` rows, CV_8UC3 RGB. Throws Error with the path where the file is broken, or has fewer rows left.
  cv::Mat read(int64_t count);

 protected:
  // Throws Error where an image of this size is not read.
  RowReader(int64_t width, int64_t height);

  // The next row, 3 * width bytes. Throws Error without the path.
  virtual void read_row(uint8_t* rgb) = 0;

  // Without the path.
  virtual std::string decoder_warning() const = 0;

  int64_t row() const { return row_; }  // that is read next

 private:
  friend std::unique_ptr<RowReader> open_rows(const std::filesystem::path& path);

  std::filesystem::path path_;
  int64_t width_;
  int64_t height_;
  int64_t row_ = 0;
};

// A PNG or TIFF file, told by its first bytes; null where it is neither. Throws Error where the file cannot be opened,
// is broken, or is stored in a way that cannot be read from top to bottom or is not known here: an image that its
// orientation turns; an interlaced PNG; a TIFF with separate planes, other samples than 8 or 16 bits without a sign, or
// other colours than grey, palette, RGB and JPEG's.
//
// Memory: a row of pixels; of a tiled TIFF one row of tiles; of a compressed TIFF in strips the compressed bytes of one
// strip.
std::unique_ptr<RowReader> open_rows(const std::filesystem::path& path);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_ROW_READER_H
