// TIFF files in the ways that programs store them.
#ifndef SSHOST_TESTS_IMAGE_TIFF_FILE_H
#define SSHOST_TESTS_IMAGE_TIFF_FILE_H

#include <tiffio.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace sshost::image::testing {

struct TiffFile {
  uint32_t width = 0;
  uint32_t height = 0;
  uint16_t bits = 8;
  uint16_t samples = 3;
  uint16_t photometric = PHOTOMETRIC_RGB;
  uint16_t compression = COMPRESSION_NONE;
  uint16_t planes = PLANARCONFIG_CONTIG;
  uint16_t orientation = ORIENTATION_TOPLEFT;
  uint16_t format = SAMPLEFORMAT_UINT;
  uint16_t alpha = 0;  // EXTRASAMPLE_..., of a fourth sample
  uint32_t tile = 0;   // its side; 0: strips
  uint32_t strip_rows = 3;
  const char* mode = "w";            // "wb": big endian; "w8": BigTIFF
  std::vector<uint8_t> pixels = {};  // as stored, row by row; 16 bits in this machine's order
};

inline void set_tags(TIFF* tiff, const TiffFile& image) {
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image.width);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image.height);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, image.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, image.samples);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, image.photometric);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, image.compression);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, image.planes);
  TIFFSetField(tiff, TIFFTAG_ORIENTATION, image.orientation);
  if (image.format != SAMPLEFORMAT_UINT) TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, image.format);
  if (image.alpha != 0) TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &image.alpha);
  if (image.photometric == PHOTOMETRIC_PALETTE) {
    std::vector<uint16_t> colors(size_t{1} << image.bits);
    for (size_t i = 0; i < colors.size(); ++i) colors[i] = static_cast<uint16_t>(i * 251);
    std::vector<uint16_t> reversed(colors.rbegin(), colors.rend());
    TIFFSetField(tiff, TIFFTAG_COLORMAP, colors.data(), reversed.data(), colors.data());
  }
}

inline void write_tile(TIFF* tiff, const TiffFile& image, uint32_t left, uint32_t top) {
  const size_t pixel = size_t{image.samples} * image.bits / 8;
  const size_t row = image.width * pixel;
  std::vector<uint8_t> tile(size_t{image.tile} * image.tile * pixel);
  for (uint32_t y = 0; y < std::min(image.tile, image.height - top); ++y) {
    const uint8_t* from = image.pixels.data() + (top + y) * row + left * pixel;
    std::copy_n(from, std::min(image.tile, image.width - left) * pixel, tile.data() + size_t{y} * image.tile * pixel);
  }
  TIFFWriteTile(tiff, tile.data(), left, top, 0, 0);
}

// The pixels' samples in planes of their own, or as they are.
inline void write_strips(TIFF* tiff, const TiffFile& image) {
  const size_t row = image.pixels.size() / image.height;
  if (image.planes == PLANARCONFIG_CONTIG) {
    for (uint32_t y = 0; y < image.height; ++y) {
      TIFFWriteScanline(tiff, const_cast<uint8_t*>(image.pixels.data()) + y * row, y, 0);
    }
    return;
  }
  const size_t bytes = image.bits / 8;
  std::vector<uint8_t> plane(image.width * bytes);
  for (uint16_t sample = 0; sample < image.samples; ++sample) {
    for (uint32_t y = 0; y < image.height; ++y) {
      const uint8_t* from = image.pixels.data() + y * row + sample * bytes;
      for (uint32_t x = 0; x < image.width; ++x) {
        std::copy_n(from + x * image.samples * bytes, bytes, plane.data() + x * bytes);
      }
      TIFFWriteScanline(tiff, plane.data(), y, sample);
    }
  }
}

// Pages of one file.
inline void write_pages(const std::filesystem::path& path, const std::vector<TiffFile>& pages,
                        uint32_t later_kind = FILETYPE_PAGE) {
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  if (tiff == nullptr) throw std::runtime_error("cannot write " + path.string());
  for (size_t i = 0; i < pages.size(); ++i) {
    set_tags(tiff, pages[i]);
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, pages[i].strip_rows);
    if (i > 0) TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, later_kind);
    write_strips(tiff, pages[i]);
    TIFFWriteDirectory(tiff);
  }
  TIFFClose(tiff);
}

inline void write_tiff(const std::filesystem::path& path, TiffFile image) {
  TIFF* tiff = TIFFOpen(path.c_str(), image.mode);
  if (tiff == nullptr) throw std::runtime_error("cannot write " + path.string());
  set_tags(tiff, image);
  if (image.tile == 0) {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, image.strip_rows);
    write_strips(tiff, image);
  } else {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, image.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, image.tile);
    for (uint32_t y = 0; y < image.height; y += image.tile) {
      for (uint32_t x = 0; x < image.width; x += image.tile) write_tile(tiff, image, x, y);
    }
  }
  TIFFClose(tiff);
}

}  // namespace sshost::image::testing

#endif  // SSHOST_TESTS_IMAGE_TIFF_FILE_H
