#include "image/png_row_writer.h"

#include <png.h>

#include <bit>
#include <csetjmp>
#include <exception>
#include <string>
#include <string_view>

#include "base/error.h"
#include "file/atomic_file.h"
#include "image/png_error.h"

namespace sshost::image {
namespace {

int type_of(PngPixel pixel) {
  switch (pixel) {
    case PngPixel::kGrey16:
      return CV_16UC1;
    case PngPixel::kRgb:
      return CV_8UC3;
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
    default:
      return PNG_COLOR_TYPE_GRAY;
  }
}

}  // namespace

// What has a destructor is here, not in the functions that call libpng (PngError).
struct PngRowWriter::State {
  State(const std::filesystem::path& file_path, const PngLayout& file_layout);
  ~State() { png_destroy_write_struct(&png, &info); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  bool begin();
  bool write_row(const uint8_t* row);
  bool end();
  [[noreturn]] void fail() const;

  std::filesystem::path path;
  PngLayout layout;
  file::AtomicFile file;
  std::vector<png_color> colors;
  png_structp png = nullptr;
  png_infop info = nullptr;
  int64_t written = 0;         // rows
  std::exception_ptr failure;  // of the file below
  PngError error;
};

PngRowWriter::State::State(const std::filesystem::path& file_path, const PngLayout& file_layout)
    : path(file_path), layout(file_layout), file(path, 0) {
  for (const auto& [red, green, blue] : layout.palette) colors.push_back({red, green, blue});
  png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, PngError::keep, PngError::ignore_warning);
  info = png == nullptr ? nullptr : png_create_info_struct(png);
  if (info == nullptr) throw Error("cannot encode " + path.string() + ": libpng could not start");
  const auto write = [](png_structp writer, png_bytep bytes, size_t count) {
    auto* state = static_cast<State*>(png_get_io_ptr(writer));
    try {
      state->file.write({reinterpret_cast<const char*>(bytes), count});
      return;
    } catch (...) {
      state->failure = std::current_exception();
    }
    png_error(writer, "cannot write");
  };
  png_set_write_fn(png, this, write, [](png_structp) {});
}

bool PngRowWriter::State::begin() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);  // libpng's own bound is 1,000,000
  png_set_IHDR(png, info, static_cast<png_uint_32>(layout.width), static_cast<png_uint_32>(layout.height),
               layout.pixel == PngPixel::kGrey16 ? 16 : 8, color_type_of(layout.pixel), PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!colors.empty()) png_set_PLTE(png, info, colors.data(), static_cast<int>(colors.size()));
  // Neighbouring numbers of classes have nothing in common: filters make such a file longer.
  if (layout.pixel != PngPixel::kRgb) png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_write_info(png, info);
  if constexpr (std::endian::native == std::endian::little) png_set_swap(png);
  return true;
}

bool PngRowWriter::State::write_row(const uint8_t* row) {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_write_row(png, row);
  return true;
}

bool PngRowWriter::State::end() {
  if (setjmp(png_jmpbuf(png)) != 0) return false;
  png_write_end(png, info);
  return true;
}

void PngRowWriter::State::fail() const {
  if (failure) std::rethrow_exception(failure);
  throw Error("cannot encode " + path.string() + ": " + error.reason);
}

PngRowWriter::PngRowWriter(const std::filesystem::path& path, const PngLayout& layout)
    : state_(std::make_unique<State>(path, layout)) {
  if (!state_->begin()) state_->fail();
}

PngRowWriter::~PngRowWriter() = default;

void PngRowWriter::write(const cv::Mat& rows) {
  const PngLayout& layout = state_->layout;
  if (rows.type() != type_of(layout.pixel) || rows.cols != layout.width ||
      state_->written + rows.rows > layout.height) {
    throw Error("cannot encode " + state_->path.string() + ": rows of another type or size than the image's");
  }
  for (int y = 0; y < rows.rows; ++y, ++state_->written) {
    if (!state_->write_row(rows.ptr(y))) state_->fail();
  }
}

void PngRowWriter::commit() {
  if (state_->written != state_->layout.height) {
    throw Error("cannot encode " + state_->path.string() + ": " + std::to_string(state_->written) + " of " +
                std::to_string(state_->layout.height) + " rows are there");
  }
  if (!state_->end()) state_->fail();
  state_->file.commit();
}

}  // namespace sshost::image
