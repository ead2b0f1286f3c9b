#include "image/png_label.h"

#include <png.h>

#include <bit>
#include <csetjmp>
#include <cstring>
#include <string>
#include <vector>

#include "base/status_error.h"
#include "image/png_error.h"

namespace sshost::image {
namespace {

// One decoding. What has a destructor is here, not in the functions that call libpng (PngError).
struct Decoder {
  explicit Decoder(std::span<const uint8_t> file);
  ~Decoder() { png_destroy_read_struct(&png, &info, nullptr); }
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_info();
  bool read_rows();
  [[noreturn]] void refuse() const { throw StatusError(SS_IO, std::string("broken PNG: ") + error.reason); }

  std::span<const uint8_t> rest;
  png_structp png = nullptr;
  png_infop info = nullptr;
  std::vector<png_bytep> rows;
  image::PngError error;
};

void read_bytes(png_structp png, png_bytep out, size_t count) {
  auto* decoder = static_cast<Decoder*>(png_get_io_ptr(png));
  if (count > decoder->rest.size()) png_error(png, "the file ends too early");
  std::memcpy(out, decoder->rest.data(), count);
  decoder->rest = decoder->rest.subspan(count);
}

Decoder::Decoder(std::span<const uint8_t> file) : rest(file) {
  png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &error, image::PngError::keep, image::PngError::ignore_warning);
  info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr) throw StatusError(SS_OUT_OF_MEMORY, "libpng could not start");
  png_set_read_fn(png, this, read_bytes);
}

bool Decoder::read_info() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_info(png, info);
  if (png_get_bit_depth(png, info) < 8) png_set_packing(png);
  if (png_get_color_type(png, info) == PNG_COLOR_TYPE_GRAY_ALPHA) png_set_strip_alpha(png);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return true;
}

bool Decoder::read_rows() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_read_image(png, rows.data());
  return true;
}

}  // namespace

cv::Mat decode_png_label(std::span<const uint8_t> file) {
  Decoder decoder(file);
  if (!decoder.read_info()) decoder.refuse();
  const int channels = png_get_channels(decoder.png, decoder.info);
  if (channels != 1) {
    throw StatusError(SS_IO, "a label has one channel, this image stores " + std::to_string(channels) +
                                 " (colours; read it as an image)");
  }
  const int type = png_get_bit_depth(decoder.png, decoder.info) == 16 ? CV_16UC1 : CV_8UC1;
  cv::Mat label(static_cast<int>(png_get_image_height(decoder.png, decoder.info)),
                static_cast<int>(png_get_image_width(decoder.png, decoder.info)), type);
  if (png_get_rowbytes(decoder.png, decoder.info) != label.cols * label.elemSize()) {
    throw StatusError(SS_INTERNAL, "libpng's rows have an unexpected length");
  }
  for (int y = 0; y < label.rows; ++y) decoder.rows.push_back(label.ptr(y));
  if (!decoder.read_rows()) decoder.refuse();
  return label;
}

}  // namespace sshost::image
