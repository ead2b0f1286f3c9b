#include "image/tiff_rows.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"
#include "image/tiff_handle.h"

namespace sshost::image {
namespace {

constexpr uint64_t kMostTileBytes = uint64_t{1} << 30;  // of one row of tiles

// How pixels are stored.
struct Layout {
  explicit Layout(const TiffHandle& file);

  uint32_t width, height;
  uint16_t bits, samples, sample_format, planes, photometric, compression, orientation, fill_order;
  bool is_tiled;
  bool multiplies_alpha = false;  // OpenCV gives colours times an alpha that is not in them yet

  size_t pixel_bytes() const { return size_t{samples} * bits / 8; }
  size_t row_bytes() const { return width * pixel_bytes(); }
  std::string problem() const;  // empty: the rows can be read
};

Layout::Layout(const TiffHandle& file)
    : width(file.value<uint32_t>(TIFFTAG_IMAGEWIDTH)),
      height(file.value<uint32_t>(TIFFTAG_IMAGELENGTH)),
      bits(file.value<uint16_t>(TIFFTAG_BITSPERSAMPLE)),
      samples(file.value<uint16_t>(TIFFTAG_SAMPLESPERPIXEL)),
      sample_format(file.value<uint16_t>(TIFFTAG_SAMPLEFORMAT)),
      planes(file.value<uint16_t>(TIFFTAG_PLANARCONFIG)),
      photometric(file.value<uint16_t>(TIFFTAG_PHOTOMETRIC)),
      compression(file.value<uint16_t>(TIFFTAG_COMPRESSION)),
      orientation(file.value<uint16_t>(TIFFTAG_ORIENTATION)),
      fill_order(file.value<uint16_t>(TIFFTAG_FILLORDER)),
      is_tiled(TIFFIsTiled(file.get()) != 0) {
  if (photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG) {
    TIFFSetField(file.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);  // libjpeg converts
    photometric = PHOTOMETRIC_RGB;
  }
  uint16_t extra = 0;
  uint16_t* kinds = nullptr;
  TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &extra, &kinds);
  // A file may call its third sample an extra one: an alpha stands behind three colours.
  multiplies_alpha = photometric == PHOTOMETRIC_RGB && samples > 3 && extra > 0 && kinds[0] == EXTRASAMPLE_UNASSALPHA;
}

std::string Layout::problem() const {
  if (bits != 8 && bits != 16) return "expected samples of 8 or 16 bits, found " + std::to_string(bits);
  if (sample_format != SAMPLEFORMAT_UINT && sample_format != SAMPLEFORMAT_VOID) {
    return "expected samples that are numbers without a sign, found another sample format";
  }
  if (planes != PLANARCONFIG_CONTIG && samples > 1) {
    return "expected a pixel's samples side by side, found separate planes; tiffcp -p contig converts";
  }
  if (orientation != ORIENTATION_TOPLEFT) {
    return "expected rows from the top left on, found an orientation that turns the image";
  }
  const bool is_grey = photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
  const bool is_palette = photometric == PHOTOMETRIC_PALETTE && bits == 8 && samples == 1;
  const bool is_rgb = photometric == PHOTOMETRIC_RGB && samples >= 3;
  if (!is_grey && !is_palette && !is_rgb) {
    return "expected grey, RGB, or a palette of 8 bits; found photometric interpretation " +
           std::to_string(photometric) + " with " + std::to_string(samples) + " samples";
  }
  return {};
}

// 16 bits as 8, as libtiff converts colours; grey and palettes lose their lower byte.
uint8_t rounded(uint16_t value) { return static_cast<uint8_t>((value + 128U) / 257U); }
uint8_t cut(uint16_t value) { return static_cast<uint8_t>(value >> 8); }

class TiffRows final : public RowReader {
 public:
  TiffRows(std::unique_ptr<Source> source, std::unique_ptr<TiffHandle> file, const Layout& layout);

 private:
  void read_row(uint8_t* rgb) override;
  std::string decoder_warning() const override { return file_->warning(); }
  const uint8_t* stored_row();
  void read_tiles();
  void read_uncompressed();
  void convert(const uint8_t* stored, uint8_t* rgb) const;
  uint8_t sample(const uint8_t* pixel, size_t index) const;

  std::unique_ptr<Source> source_;
  std::unique_ptr<TiffHandle> file_;
  Layout layout_;
  uint32_t rows_at_once_ = 1;    // of tiles
  std::vector<uint8_t> buffer_;  // one row, or a row of tiles
  std::vector<uint8_t> tile_;    // one tile
  std::vector<std::array<uint8_t, 3>> palette_;
};

TiffRows::TiffRows(std::unique_ptr<Source> source, std::unique_ptr<TiffHandle> file, const Layout& layout)
    : RowReader(layout.width, layout.height), source_(std::move(source)), file_(std::move(file)), layout_(layout) {
  if (const std::string problem = layout_.problem(); !problem.empty()) throw Error(problem);
  if (layout_.is_tiled) {
    rows_at_once_ = file_->value<uint32_t>(TIFFTAG_TILELENGTH);
    const auto tile_bytes = static_cast<uint64_t>(TIFFTileSize64(file_->get()));
    if (rows_at_once_ == 0 || tile_bytes > kMostTileBytes || rows_at_once_ > kMostTileBytes / layout_.row_bytes()) {
      throw Error("its tiles are too large to be read row by row");
    }
    tile_.resize(tile_bytes);
  } else if (static_cast<uint64_t>(TIFFScanlineSize64(file_->get())) != layout_.row_bytes()) {
    throw Error("broken TIFF: the rows have an unexpected length");
  }
  buffer_.resize(rows_at_once_ * layout_.row_bytes());
  if (layout_.photometric != PHOTOMETRIC_PALETTE) return;
  uint16_t *red = nullptr, *green = nullptr, *blue = nullptr;
  if (TIFFGetField(file_->get(), TIFFTAG_COLORMAP, &red, &green, &blue) == 0) throw Error("broken TIFF: no palette");
  for (size_t i = 0; i < 256; ++i) palette_.push_back({cut(red[i]), cut(green[i]), cut(blue[i])});
}

void TiffRows::read_row(uint8_t* rgb) { convert(stored_row(), rgb); }

const uint8_t* TiffRows::stored_row() {
  const auto at = static_cast<uint32_t>(row());
  if (layout_.is_tiled) {
    if (at % rows_at_once_ == 0) read_tiles();
    return buffer_.data() + at % rows_at_once_ * layout_.row_bytes();
  }
  // libtiff reads whole strips, and many programs write an uncompressed image as a single one.
  if (layout_.compression == COMPRESSION_NONE && layout_.fill_order == FILLORDER_MSB2LSB) {
    read_uncompressed();
  } else if (TIFFReadScanline(file_->get(), buffer_.data(), at) != 1) {
    file_->refuse();
  }
  return buffer_.data();
}

// The row of tiles that begins with this row.
void TiffRows::read_tiles() {
  const auto top = static_cast<uint32_t>(row());
  const auto tile_width = file_->value<uint32_t>(TIFFTAG_TILEWIDTH);
  const size_t tile_row = tile_width * layout_.pixel_bytes();
  for (uint32_t left = 0; left < layout_.width; left += tile_width) {
    if (TIFFReadTile(file_->get(), tile_.data(), left, top, 0, 0) < 0) file_->refuse();
    const size_t start = left * layout_.pixel_bytes();
    const size_t used = std::min(tile_row, layout_.row_bytes() - start);
    for (uint32_t y = 0; y < rows_at_once_; ++y) {
      std::memcpy(buffer_.data() + y * layout_.row_bytes() + start, tile_.data() + y * tile_row, used);
    }
  }
}

void TiffRows::read_uncompressed() {
  const auto at = static_cast<uint32_t>(row());
  const uint32_t rows = std::min(file_->value<uint32_t>(TIFFTAG_ROWSPERSTRIP), layout_.height);
  if (rows == 0) throw Error("broken TIFF: strips without rows");
  const uint64_t start = TIFFGetStrileOffset(file_->get(), at / rows);
  const uint64_t offset = start + uint64_t{at % rows} * layout_.row_bytes();
  if (start == 0 || source_->read(offset, buffer_.data(), buffer_.size()) != buffer_.size())
    throw Error("broken TIFF: the file ends too early");
  if (layout_.bits == 16 && TIFFIsByteSwapped(file_->get()) != 0) {
    TIFFSwabArrayOfShort(reinterpret_cast<uint16_t*>(buffer_.data()), static_cast<tmsize_t>(buffer_.size() / 2));
  }
}

uint8_t TiffRows::sample(const uint8_t* pixel, size_t index) const {
  if (layout_.bits == 8) return pixel[index];
  uint16_t value = 0;
  std::memcpy(&value, pixel + 2 * index, sizeof value);
  return layout_.photometric == PHOTOMETRIC_RGB ? rounded(value) : cut(value);
}

void TiffRows::convert(const uint8_t* stored, uint8_t* rgb) const {
  const size_t step = layout_.pixel_bytes();
  for (uint32_t x = 0; x < layout_.width; ++x, stored += step, rgb += 3) {
    if (layout_.photometric == PHOTOMETRIC_RGB) {
      for (size_t c = 0; c < 3; ++c) rgb[c] = sample(stored, c);
      if (!layout_.multiplies_alpha) continue;
      const unsigned alpha = sample(stored, 3);
      for (size_t c = 0; c < 3; ++c) rgb[c] = static_cast<uint8_t>((rgb[c] * alpha + 127) / 255);
    } else if (layout_.photometric == PHOTOMETRIC_PALETTE) {
      std::memcpy(rgb, palette_[stored[0]].data(), 3);
    } else {
      const uint8_t grey = sample(stored, 0);
      std::memset(rgb, layout_.photometric == PHOTOMETRIC_MINISWHITE ? 255 - grey : grey, 3);
    }
  }
}

}  // namespace

std::unique_ptr<RowReader> open_tiff_rows(std::unique_ptr<Source> source) {
  auto file = std::make_unique<TiffHandle>(*source, 2 * kMostTileBytes);
  file->require_one_page();
  const Layout layout(*file);
  return std::make_unique<TiffRows>(std::move(source), std::move(file), layout);
}

}  // namespace sshost::image
