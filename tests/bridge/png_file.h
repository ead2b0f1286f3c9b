// PNG files as labels come: palettes, few bits for each pixel. OpenCV cannot write them.
#ifndef SSHOST_TESTS_BRIDGE_PNG_FILE_H
#define SSHOST_TESTS_BRIDGE_PNG_FILE_H

#include <png.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace sshost::bridge::testing {

struct PngFile {
  uint32_t width = 0;
  uint32_t height = 0;
  int bits = 8;
  int color_type = PNG_COLOR_TYPE_PALETTE;
  bool interlaced = false;
  std::vector<png_color> palette = {};
  std::vector<uint8_t> rows = {};  // as stored: packed where a pixel has less than 8 bits
  std::vector<uint8_t> exif = {};
};

inline void write_png(const std::filesystem::path& path, PngFile image) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) throw std::runtime_error("cannot write " + path.string());
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_init_io(png, file);
  png_set_IHDR(png, info, image.width, image.height, image.bits, image.color_type,
               image.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  if (!image.palette.empty()) png_set_PLTE(png, info, image.palette.data(), static_cast<int>(image.palette.size()));
  if (!image.exif.empty()) png_set_eXIf_1(png, info, static_cast<png_uint_32>(image.exif.size()), image.exif.data());
  std::vector<png_bytep> rows;
  for (uint32_t y = 0; y < image.height; ++y) rows.push_back(&image.rows[y * image.rows.size() / image.height]);
  png_set_rows(png, info, rows.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  std::fclose(file);
}

}  // namespace sshost::bridge::testing

#endif  // SSHOST_TESTS_BRIDGE_PNG_FILE_H
