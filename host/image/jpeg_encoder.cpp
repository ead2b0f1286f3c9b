#include "image/jpeg_encoder.h"

#include <csetjmp>
#include <cstdlib>
#include <string>

#include "image/encoding_error.h"
#include "image/jpeg_error.h"

namespace sshost::image {
namespace {

// What has a destructor is here, not in the function that calls libjpeg (JpegError).
struct Encoding {
  explicit Encoding(const cv::Mat& image) : rgb(image) { jpeg.err = error.handlers(); }
  ~Encoding() {
    jpeg_destroy_compress(&jpeg);
    std::free(bytes);
  }
  Encoding(const Encoding&) = delete;
  Encoding& operator=(const Encoding&) = delete;

  bool run(int quality);

  const cv::Mat& rgb;
  JpegError error;
  jpeg_compress_struct jpeg{};
  unsigned char* bytes = nullptr;  // libjpeg's
  unsigned long count = 0;
};

bool Encoding::run(int quality) {
  if (setjmp(error.jump) != 0) return false;
  jpeg_create_compress(&jpeg);
  jpeg_mem_dest(&jpeg, &bytes, &count);
  jpeg.image_width = static_cast<JDIMENSION>(rgb.cols);
  jpeg.image_height = static_cast<JDIMENSION>(rgb.rows);
  jpeg.input_components = 3;
  jpeg.in_color_space = JCS_RGB;
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, quality, TRUE);
  jpeg_start_compress(&jpeg, TRUE);
  for (int y = 0; y < rgb.rows; ++y) {
    JSAMPROW row = const_cast<JSAMPROW>(rgb.ptr(y));
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  return true;
}

}  // namespace

std::vector<uint8_t> encode_jpeg(const cv::Mat& rgb, int quality) {
  if (rgb.type() != CV_8UC3) throw EncodingError("expected an RGB image of 8 bits");
  Encoding encoding(rgb);
  if (!encoding.run(quality)) throw EncodingError(encoding.error.reason);
  return {encoding.bytes, encoding.bytes + encoding.count};
}

}  // namespace sshost::image
