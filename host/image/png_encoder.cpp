#include "image/png_encoder.h"

#include <png.h>
#include <zlib.h>

#include <bit>
#include <csetjmp>
#include <exception>
#include <string>
#include <utility>

#include "image/encoding_error.h"
#include "image/png_error.h"

namespace sshost::image {
namespace {

int type_of(PngPixel pixel) {
  switch (pixel) {
    case PngPixel::kGrey16:
      return CV_16UC1;
    case PngPixel::kRgb:
      return CV_8UC3;
    case PngPixel::kRgba:
      return CV_8UC4;
    default:
      return CV_8UC1;
  }
}

int color_type_of(PngPixel pixel) {
  switch (pixel) {
    case PngPixel::kPalette:
      return PNG_COLOR_TYPE_PALETTE;
    case PngPixel::kRgb:
      return PNG_COLOR_TYPE_RGB;
    case PngPixel::kRgba:
      return PNG_COLOR_TYPE_RGBA;
    default:
      return PNG_COLOR_TYPE_GRAY;
  }
}

bool is_photograph(PngPixel pixel) { return pixel == PngPixel::kRgb || pixel == PngPixel::kRgba; }

void set_effort(png_structp png, const PngLayout& layout) {
  // Neighbouring numbers of classes have nothing in common: filters make such a file longer.
  if (!is_photograph(layout.pixel)) png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  if (layout.effort == PngEffort::kMost) png_set_compression_level(png, Z_BEST_COMPRESSION);
  if (layout.effort != PngEffort::kLittle) return;
  if (is_photograph(layout.pixel)) png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
  png_set_compression_level(png, Z_BEST_SPEED);
  png_set_compression_strategy(png, Z_RLE);
}

}  // namespace

// What has a destructor is here, not in the functions that call libpng (PngError).
struct PngEncoder::State {
  State(const PngLayout& image_layout, Sink bytes_sink);
  ~State() { png_destroy_write_struct(&png, &info); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool begin();
  bool write_row(const uint8_t* row);
  bool end();
  [[noreturn]] void fail() const;

  PngLayout layout;
  Sink sink;
  std::vector<png_color> colors;
  png_structp png = nullptr;
  png_infop info = nullptr;
  int64_t written = 0;         // rows
  std::exception_ptr failure;  // of the sink
  PngError error;
};

PngEncoder::State::State(const PngLayout& image_layout, Sink bytes_sink)
    : layout(image_layout), sink(std::move(bytes_sink)) {
  for (const auto& [red, green, blue] : layout.palette) colors.push_back({red, green, blue});
  png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, PngError::keep, PngError::keep_warning);
  info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr) throw EncodingError("libpng could not start");
  const auto write = [](png_structp writer, png_bytep bytes, size_t count) {
    auto* state = static_cast<State*>(png_get_io_ptr(writer));
    try {
      state->sink({bytes, count});
      return;
    } catch (...) {
      state->failure = std::current_exception();
    }
    png_error(writer, "cannot write");
  };
  png_set_write_fn(png, this, write, [](png_structp) {});
}

bool PngEncoder::State::begin() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // libpng's own bound is 1,000,000
  png_set_IHDR(png, info, static_cast<png_uint_32>(layout.width), static_cast<png_uint_32>(layout.height),
               layout.pixel == PngPixel::kGrey16 ? 16 : 8, color_type_of(layout.pixel), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!colors.empty()) png_set_PLTE(png, info, colors.data(), static_cast<int>(colors.size()));
  set_effort(png, layout);
  png_write_info(png, info);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(png);
  return true;
}

bool PngEncoder::State::write_row(const uint8_t* row) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_write_row(png, row);
  return true;
}

bool PngEncoder::State::end() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_write_end(png, info);
  return true;
}

void PngEncoder::State::fail() const {
  if (failure) std::rethrow_exception(failure);
  throw EncodingError(error.reason);
}

PngEncoder::PngEncoder(const PngLayout& layout, Sink sink) : state_(std::make_unique<State>(layout, std::move(sink))) {
  if (!state_->begin()) state_->fail();
}

PngEncoder::~PngEncoder() = default;

void PngEncoder::write(const cv::Mat& rows) {
  const PngLayout& layout = state_->layout;
  if (rows.type() != type_of(layout.pixel) || rows.cols != layout.width ||
      state_->written + rows.rows > layout.height) {
    throw EncodingError("rows of another type or size than the image's");
  }
  for (int y = 0; y < rows.rows; ++y, ++state_->written) {
    if (!state_->write_row(rows.ptr(y))) state_->fail();
  }
}

void PngEncoder::end() {
  if (state_->written != state_->layout.height) {
    throw EncodingError(std::to_string(state_->written) + " of " + std::to_string(state_->layout.height) +
                        " rows are there");
  }
  if (!state_->end()) state_->fail();
}

std::vector<uint8_t> encode_png(const cv::Mat& pixels, PngEffort effort) {
  std::vector<uint8_t> bytes;
  const PngPixel pixel = pixels.channels() == 4 ? PngPixel::kRgba : PngPixel::kRgb;
  PngEncoder encoder({pixels.cols, pixels.rows, pixel, {}, effort},
                     [&](std::span<const uint8_t> next) { bytes.insert(bytes.end(), next.begin(), next.end()); });
  encoder.write(pixels);
  encoder.end();
  return bytes;
}

}  // namespace sshost::image
