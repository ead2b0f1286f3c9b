#include "image/png_rows.h"

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "image/exif_orientation.h"
#include "image/png_error.h"

namespace sshost::image {
namespace {

// One decoding. What has a destructor is here, not in the functions that call libpng (PngError).
class Decoder {
 public:
  explicit Decoder(const std::filesystem::path& path);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  bool read_header();
  bool read_row(uint8_t* rgb);

  bool is_interlaced() const { return png_get_interlace_type(png_, info_) != PNG_INTERLACE_NONE; }
  int64_t width() const { return png_get_image_width(png_, info_); }
  int64_t height() const { return png_get_image_height(png_, info_); }
  int64_t row_bytes() const { return static_cast<int64_t>(png_get_rowbytes(png_, info_)); }
  std::string reason() const { return std::string("broken PNG: ") + error_.reason; }

 private:
  std::FILE* file_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  PngError error_;
};

Decoder::Decoder(const std::filesystem::path& path) : file_(std::fopen(path.c_str(), "rb")) {
  png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &error_, PngError::keep, PngError::ignore_warning);
  info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
  if (file_ != nullptr && info_ != nullptr) return;
  png_destroy_read_struct(&png_, &info_, nullptr);
  if (file_ != nullptr) std::fclose(file_);
  throw Error("image " + path.string() + ": cannot be read");
}

Decoder::~Decoder() {
  png_destroy_read_struct(&png_, &info_, nullptr);
  std::fclose(file_);
}

bool Decoder::read_header() {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_init_io(png_, file_);
  png_set_user_limits(png_, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // libpng's own bound is 1,000,000
  png_read_info(png_, info_);
  const int color = png_get_color_type(png_, info_);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
  if (png_get_bit_depth(png_, info_) < 8) png_set_expand_gray_1_2_4_to_8(png_);
  if (png_get_bit_depth(png_, info_) == 16) png_set_strip_16(png_);
  if ((color & PNG_COLOR_MASK_COLOR) == 0) png_set_gray_to_rgb(png_);
  png_set_strip_alpha(png_);
  if (!is_interlaced()) png_read_update_info(png_, info_);
  return true;
}

bool Decoder::read_row(uint8_t* rgb) {
  if (setjmp(png_jmpbuf(png_)) != 0) return false;
  png_read_row(png_, rgb, nullptr);
  return true;
}

uint32_t big_endian(const std::array<uint8_t, 4>& bytes) {
  uint32_t value = 0;
  for (const uint8_t byte : bytes) value = value << 8U | byte;
  return value;
}

// What the chunk eXIf holds, which may also stand behind the pixels; empty where there is none.
std::vector<uint8_t> find_exif(const std::filesystem::path& path) {
  constexpr std::streamoff kSignature = 8, kChecksum = 4;
  constexpr uint32_t kMostBytes = 1U << 20U;
  std::ifstream file(path, std::ios::binary);
  file.seekg(kSignature);
  std::array<uint8_t, 4> length{};
  std::array<char, 4> type{};
  while (file.read(reinterpret_cast<char*>(length.data()), length.size()) && file.read(type.data(), type.size())) {
    const uint32_t size = big_endian(length);
    if (std::string_view(type.data(), type.size()) != "eXIf") {
      file.seekg(size + kChecksum, std::ios::cur);
      continue;
    }
    std::vector<uint8_t> exif(std::min(size, kMostBytes));
    file.read(reinterpret_cast<char*>(exif.data()), static_cast<std::streamsize>(exif.size()));
    return exif;
  }
  return {};
}

class PngRows final : public RowReader {
 public:
  PngRows(const std::filesystem::path& path, std::unique_ptr<Decoder> decoder)
      : RowReader(path, decoder->width(), decoder->height()), decoder_(std::move(decoder)) {
    if (decoder_->is_interlaced()) {
      refuse("an interlaced PNG cannot be read row by row; save it without interlacing, or as TIFF");
    }
    if (exif_orientation(find_exif(path)) != 1) {
      refuse("expected rows from the top left on, found an EXIF orientation that turns the image; save it upright");
    }
    if (decoder_->row_bytes() != 3 * width()) refuse("libpng's rows have an unexpected length");
  }

 private:
  void read_row(uint8_t* rgb) override {
    if (!decoder_->read_row(rgb)) refuse(decoder_->reason());
  }

  std::unique_ptr<Decoder> decoder_;
};

}  // namespace

std::unique_ptr<RowReader> open_png_rows(const std::filesystem::path& path) {
  auto decoder = std::make_unique<Decoder>(path);
  if (!decoder->read_header()) throw Error("image " + path.string() + ": " + decoder->reason());
  return std::make_unique<PngRows>(path, std::move(decoder));
}

}  // namespace sshost::image
