#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include <jpeglib.h>

#include "base/error.h"
#include "image/decoder.h"
#include "image/decoding_stop.h"
#include "image/exif_orientation.h"
#include "image/jpeg_error.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr std::string_view kExifPrefix{"Exif\0\0", 6};
// Of a progressive image, whose scans each go over all of it: so many, and so many pixels in all of them together, which
// takes some seconds.
constexpr int kMostScans = 200;
constexpr int64_t kMostScannedPixels = int64_t{1} << 32;

// One decoding. What has a destructor is here, not in the functions that call libjpeg (JpegError).
class JpegDecoder final : public Decoder {
 public:
  explicit JpegDecoder(const Source& source);
  ~JpegDecoder() override { jpeg_destroy_decompress(&jpeg_); }

  cv::Mat rgb() override;
  cv::Mat label() override;
  cv::Mat samples() override;
  int orientation() const override { return exif_orientation(exif_); }
  std::string warning() const override { return error_.warning; }

 private:
  static JpegDecoder& of(j_common_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }
  static JpegDecoder& of(j_decompress_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }
  static boolean fill(j_decompress_ptr jpeg);
  static void skip(j_decompress_ptr jpeg, long bytes);
  static void watch(j_common_ptr jpeg);
  static boolean keep_exif(j_decompress_ptr jpeg);

  bool read_header();
  bool read_rows(cv::Mat& pixels);
  cv::Mat read(J_COLOR_SPACE colors, int type);
  [[noreturn]] void refuse() const;

  Cursor cursor_;
  JpegError error_;
  jpeg_source_mgr input_{};
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct jpeg_{};
  std::vector<uint8_t> exif_;
};

JpegDecoder::JpegDecoder(const Source& source) : cursor_(source, kMostHeaderBytes) {
  jpeg_.err = error_.handlers();
  if (!read_header()) {
    jpeg_destroy_decompress(&jpeg_);
    refuse();
  }
  width_ = jpeg_.image_width;
  height_ = jpeg_.image_height;
}

bool JpegDecoder::read_header() {
  if (setjmp(error_.jump) != 0) return false;
  jpeg_create_decompress(&jpeg_);
  jpeg_.client_data = this;
  const auto nothing = [](j_decompress_ptr) {};
  input_ = {nullptr, 0, nothing, fill, skip, jpeg_resync_to_restart, nothing};
  jpeg_.src = &input_;
  progress_.progress_monitor = watch;
  jpeg_.progress = &progress_;
  jpeg_set_marker_processor(&jpeg_, kExifMarker, keep_exif);
  jpeg_read_header(&jpeg_, TRUE);
  return true;
}

boolean JpegDecoder::fill(j_decompress_ptr jpeg) {
  JpegDecoder& self = of(jpeg);
  const auto bytes = self.cursor_.next();
  if (bytes.empty()) self.error_.fail(self.cursor_.reason());
  self.input_.next_input_byte = bytes.data();
  self.input_.bytes_in_buffer = bytes.size();
  return TRUE;
}

void JpegDecoder::skip(j_decompress_ptr jpeg, long bytes) {
  if (bytes <= 0) return;
  JpegDecoder& self = of(jpeg);
  const size_t here = std::min(static_cast<size_t>(bytes), self.input_.bytes_in_buffer);
  self.input_.next_input_byte += here;
  self.input_.bytes_in_buffer -= here;
  self.cursor_.skip(static_cast<size_t>(bytes) - here);
}

// Called by libjpeg for each row of blocks, of each scan.
void JpegDecoder::watch(j_common_ptr jpeg) {
  JpegDecoder& self = of(jpeg);
  const int64_t scans = self.jpeg_.input_scan_number;
  const bool are_too_many = scans > kMostScans || scans * self.width_ * self.height_ > kMostScannedPixels;
  if (scans > 1 && are_too_many) self.error_.fail("it has too many scans");
  if (DecodingStop::is_set()) self.error_.fail("stopped");
}

void JpegDecoder::refuse() const {
  DecodingStop::check();
  throw Error("cannot be decoded: broken JPEG: " + std::string(error_.reason));
}

// The first one; markers of this number hold other things too.
boolean JpegDecoder::keep_exif(j_decompress_ptr jpeg) {
  JpegDecoder& self = of(jpeg);
  const auto next_byte = [&]() -> unsigned {
    if (self.input_.bytes_in_buffer == 0) fill(jpeg);
    --self.input_.bytes_in_buffer;
    return *self.input_.next_input_byte++;
  };
  unsigned left = next_byte() << 8U;
  left |= next_byte();
  left -= std::min(left, 2U);  // the length counts itself
  if (!self.exif_.empty()) {
    skip(jpeg, left);
    return TRUE;
  }
  for (; left > 0; --left) {
    self.exif_.push_back(static_cast<uint8_t>(next_byte()));
    const size_t last = self.exif_.size() - 1;
    if (last >= kExifPrefix.size() || self.exif_[last] == static_cast<uint8_t>(kExifPrefix[last])) continue;
    self.exif_.clear();
    skip(jpeg, left - 1);
    break;
  }
  return TRUE;
}

bool JpegDecoder::read_rows(cv::Mat& pixels) {
  if (setjmp(error_.jump) != 0) return false;
  jpeg_start_decompress(&jpeg_);
  while (jpeg_.output_scanline < jpeg_.output_height) {
    JSAMPROW row = pixels.ptr(static_cast<int>(jpeg_.output_scanline));
    jpeg_read_scanlines(&jpeg_, &row, 1);
  }
  jpeg_finish_decompress(&jpeg_);
  return true;
}

cv::Mat JpegDecoder::read(J_COLOR_SPACE colors, int type) {
  const uint64_t most = most_bytes(width_, height_);
  cursor_.allow(most);
  jpeg_.mem->max_memory_to_use = static_cast<long>(most);
  jpeg_.out_color_space = colors;
  cv::Mat pixels(static_cast<int>(height_), static_cast<int>(width_), type);
  if (!read_rows(pixels)) refuse();
  return pixels;
}

// Of inverted values, as all programs store them; rounded as OpenCV does.
cv::Mat rgb_of_cmyk(const cv::Mat& cmyk) {
  cv::Mat rgb(cmyk.size(), CV_8UC3);
  for (int y = 0; y < cmyk.rows; ++y) {
    const uint8_t* from = cmyk.ptr(y);
    uint8_t* to = rgb.ptr(y);
    for (int x = 0; x < cmyk.cols; ++x, from += 4, to += 3) {
      const int black = from[3];
      for (int c = 0; c < 3; ++c) to[c] = static_cast<uint8_t>(black - ((255 - from[c]) * black >> 8));
    }
  }
  return rgb;
}

cv::Mat JpegDecoder::rgb() {
  if (jpeg_.num_components == 4) return rgb_of_cmyk(read(JCS_CMYK, CV_8UC4));
  return read(JCS_RGB, CV_8UC3);
}

cv::Mat JpegDecoder::samples() {
  if (jpeg_.num_components == 1) return read(JCS_GRAYSCALE, CV_8UC1);
  return jpeg_.num_components == 4 ? read(JCS_CMYK, CV_8UC4) : rgb();
}

cv::Mat JpegDecoder::label() {
  if (jpeg_.num_components != 1) refuse_colors_as_label(jpeg_.num_components);
  return read(JCS_GRAYSCALE, CV_8UC1);
}

}  // namespace

std::unique_ptr<Decoder> open_jpeg(const Source& source) { return std::make_unique<JpegDecoder>(source); }

}  // namespace sshost::image
