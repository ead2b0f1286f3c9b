// JPEG files in the ways that programs store them.
#ifndef SSHOST_TESTS_IMAGE_JPEG_FILE_H
#define SSHOST_TESTS_IMAGE_JPEG_FILE_H

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <jpeglib.h>

namespace sshost::image::testing {

struct JpegFile {
  uint32_t width = 0;
  uint32_t height = 0;
  J_COLOR_SPACE input = JCS_RGB;  // of the pixels
  J_COLOR_SPACE stored = JCS_YCbCr;
  int horizontal = 2;  // how much coarser colours are
  int vertical = 2;
  bool progressive = false;
  int quality = 80;
  unsigned restart_rows = 0;
  std::vector<uint8_t> exif = {};    // with its prefix
  std::vector<uint8_t> pixels = {};  // row by row
};

inline int components_of(J_COLOR_SPACE space) { return space == JCS_GRAYSCALE ? 1 : space == JCS_CMYK ? 4 : 3; }

inline std::string jpeg_bytes(const JpegFile& image) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&jpeg, &memory, &count);
  jpeg.image_width = image.width;
  jpeg.image_height = image.height;
  jpeg.input_components = components_of(image.input);
  jpeg.in_color_space = image.input;
  jpeg_set_defaults(&jpeg);
  jpeg_set_colorspace(&jpeg, image.stored);
  jpeg_set_quality(&jpeg, image.quality, TRUE);
  jpeg.comp_info[0].h_samp_factor = image.horizontal;
  jpeg.comp_info[0].v_samp_factor = image.vertical;
  jpeg.restart_in_rows = static_cast<int>(image.restart_rows);
  if (image.progressive) jpeg_simple_progression(&jpeg);
  jpeg_start_compress(&jpeg, TRUE);
  if (!image.exif.empty()) {
    jpeg_write_marker(&jpeg, JPEG_APP0 + 1, image.exif.data(), static_cast<unsigned>(image.exif.size()));
  }
  const size_t row_bytes = image.width * static_cast<size_t>(jpeg.input_components);
  for (uint32_t y = 0; y < image.height; ++y) {
    auto* row = const_cast<JSAMPROW>(image.pixels.data() + y * row_bytes);
    jpeg_write_scanlines(&jpeg, &row, 1);
  }
  jpeg_finish_compress(&jpeg);
  std::string bytes(reinterpret_cast<const char*>(memory), count);
  jpeg_destroy_compress(&jpeg);
  std::free(memory);
  return bytes;
}

}  // namespace sshost::image::testing

#endif  // SSHOST_TESTS_IMAGE_JPEG_FILE_H
