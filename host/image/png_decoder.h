#ifndef SSHOST_IMAGE_PNG_DECODER_H
#define SSHOST_IMAGE_PNG_DECODER_H

#include <png.h>

#include <span>
#include <string>
#include <vector>

#include "image/decoder.h"
#include "image/png_error.h"

namespace sshost::image {

// A PNG by libpng, as a whole or, where it is not interlaced, row by row. Chunks that say nothing of the pixels are
// passed over unread, whatever is wrong with them.
class PngDecoder final : public Decoder {
 public:
  explicit PngDecoder(const Source& source);
  ~PngDecoder() override { png_destroy_read_struct(&png_, &info_, nullptr); }

  cv::Mat rgb() override;
  cv::Mat label() override;
  cv::Mat samples() override;
  int orientation() const override { return find_orientation(source_); }
  std::string warning() const override { return error_.warning; }

  // The rest of the header, where only the size is known; rgb() and label() do it themselves.
  void open();
  bool is_interlaced() const { return png_get_interlace_type(png_, info_) != PNG_INTERLACE_NONE; }

  // The next row, 3 * width bytes of RGB, after open() and begin_rows(). Not together with rgb() and label().
  void begin_rows();
  void read_row(uint8_t* rgb);

  // What EXIF data say, whether they stand before the pixels or behind them. They are looked for from chunk to chunk:
  // libpng 1.6 allocates what the chunk claims to be long.
  static int find_orientation(const Source& source);

 private:
  static void read_bytes(png_structp png, png_bytep out, size_t count);

  // False where libpng jumped (PngError).
  bool read_header();
  bool expect_rgb();
  bool expect_label();
  bool expect_samples();
  bool read_pixels();
  bool read_one_row(uint8_t* rgb);

  cv::Mat read(int type);
  void allow_pixels();
  [[noreturn]] void refuse() const;

  const Source& source_;
  Cursor cursor_;
  PngError error_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::vector<png_bytep> rows_;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_DECODER_H
