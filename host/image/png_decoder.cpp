#include "image/png_decoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "image/decoding_stop.h"
#include "image/exif_orientation.h"
#include "image/limits.h"

namespace sshost::image {
namespace {

constexpr uint64_t kSignatureBytes = 8;

}  // namespace

PngDecoder::PngDecoder(const Source& source) : source_(source), cursor_(source, kMostHeaderBytes) {
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &error_, PngError::keep, PngError::keep_warning);
  info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
  std::array<uint8_t, 24> header;  // the signature; the first chunk's length and name; width and height
  const bool is_whole = source.read(0, header.data(), header.size()) == header.size();
  const bool is_header = is_whole && std::memcmp(header.data() + 12, "IHDR", 4) == 0;
  if (info_ == nullptr || !is_header) {
    png_destroy_read_struct(&png_, &info_, nullptr);
    throw Error(std::string("cannot be decoded: broken PNG: ") +
                (is_whole ? "it does not begin with its header" : "the file ends too early"));
  }
  width_ = png_get_uint_32(header.data() + 16);
  height_ = png_get_uint_32(header.data() + 20);
}

void PngDecoder::open() {
  if (!read_header()) refuse();
}

void PngDecoder::refuse() const {
  DecodingStop::check();
  throw Error("cannot be decoded: broken PNG: " + std::string(error_.reason));
}

void PngDecoder::read_bytes(png_structp png, png_bytep out, size_t count) {
  Cursor& cursor = static_cast<PngDecoder*>(png_get_io_ptr(png))->cursor_;
  if (!cursor.read(out, count)) png_error(png, cursor.reason());
}

bool PngDecoder::read_header() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_set_read_fn(png_, this, read_bytes);
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // libpng's own bound is 1,000,000; ours: limits.h
  png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
  png_read_info(png_, info_);
  return true;
}

bool PngDecoder::expect_rgb() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  const int color = png_get_color_type(png_, info_);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
  if (png_get_bit_depth(png_, info_) < 8) png_set_expand_gray_1_2_4_to_8(png_);
  if (png_get_bit_depth(png_, info_) == 16) png_set_strip_16(png_);
  if ((color & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(png_);
  png_set_strip_alpha(png_);
  png_set_interlace_handling(png_);
  png_read_update_info(png_, info_);
  return true;
}

bool PngDecoder::expect_label() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  if (png_get_bit_depth(png_, info_) < 8) png_set_packing(png_);
  if (png_get_color_type(png_, info_) == PNG_COLOR_TYPE_GRAY_ALPHA) png_set_strip_alpha(png_);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(png_);
  png_set_interlace_handling(png_);
  png_read_update_info(png_, info_);
  return true;
}

bool PngDecoder::expect_samples() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  const int color = png_get_color_type(png_, info_);
  if (color == PNG_COLOR_TYPE_PALETTE) {
    png_set_palette_to_rgb(png_);
    png_set_strip_alpha(png_);
  }
  if (png_get_bit_depth(png_, info_) < 8) png_set_expand_gray_1_2_4_to_8(png_);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(png_);
  png_set_interlace_handling(png_);
  png_read_update_info(png_, info_);
  return true;
}

bool PngDecoder::read_pixels() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  const int passes = png_get_interlace_type(png_, info_) == PNG_INTERLACE_NONE ? 1 : PNG_INTERLACE_ADAM7_PASSES;
  for (int pass = 0; pass < passes; ++pass) {
    for (size_t y = 0; y < rows_.size(); ++y) {
      if (DecodingStop::is_set()) return false;
      png_read_row(png_, rows_[y], nullptr);
    }
  }
  png_read_end(png_, info_);
  return true;
}

bool PngDecoder::read_one_row(uint8_t* rgb) {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_read_row(png_, rgb, nullptr);
  return true;
}

void PngDecoder::allow_pixels() { cursor_.allow(most_bytes(width_, height_)); }

cv::Mat PngDecoder::read(int type) {
  cv::Mat pixels(static_cast<int>(height_), static_cast<int>(width_), type);
  if (png_get_rowbytes(png_, info_) != static_cast<size_t>(width_) * pixels.elemSize()) {
    throw Error("libpng's rows have an unexpected length");
  }
  allow_pixels();
  rows_.clear();
  for (int y = 0; y < pixels.rows; ++y) rows_.push_back(pixels.ptr(y));
  if (!read_pixels()) refuse();
  return pixels;
}

cv::Mat PngDecoder::rgb() {
  open();
  if (!expect_rgb()) refuse();
  return read(CV_8UC3);
}

cv::Mat PngDecoder::label() {
  open();
  if (!expect_label()) refuse();
  const int channels = png_get_channels(png_, info_);
  if (channels != 1) refuse_colors_as_label(channels);
  return read(png_get_bit_depth(png_, info_) == 16 ? CV_16UC1 : CV_8UC1);
}

cv::Mat PngDecoder::samples() {
  open();
  if (!expect_samples()) refuse();
  const int depth = png_get_bit_depth(png_, info_) == 16 ? CV_16U : CV_8U;
  return read(CV_MAKETYPE(depth, png_get_channels(png_, info_)));
}

void PngDecoder::begin_rows() {
  if (!expect_rgb()) refuse();
  if (static_cast<int64_t>(png_get_rowbytes(png_, info_)) != 3 * width_) {
    throw Error("libpng's rows have an unexpected length");
  }
  allow_pixels();
}

void PngDecoder::read_row(uint8_t* rgb) {
  if (!read_one_row(rgb)) refuse();
}

int PngDecoder::find_orientation(const Source& source) {
  constexpr uint32_t kMostBytes = 1U << 20U;
  constexpr uint64_t kAround = 12;  // length, name and check sum of a chunk
  constexpr int kMostChunks = 1 << 20;
  std::array<uint8_t, 8> begin;
  uint64_t offset = kSignatureBytes;
  for (int i = 0; i < kMostChunks && source.read(offset, begin.data(), begin.size()) == begin.size(); ++i) {
    const uint32_t size = png_get_uint_32(begin.data());
    const std::string_view name(reinterpret_cast<const char*>(begin.data()) + 4, 4);
    if (name == "IEND") break;
    if (name == "eXIf") {
      std::vector<uint8_t> exif(std::min(size, kMostBytes));
      exif.resize(source.read(offset + begin.size(), exif.data(), exif.size()));
      return exif_orientation(exif);
    }
    offset += size + kAround;
  }
  return 1;
}

std::unique_ptr<Decoder> open_png(const Source& source) { return std::make_unique<PngDecoder>(source); }

}  // namespace sshost::image
