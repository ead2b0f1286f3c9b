// BMP files in the ways that programs store them.
#ifndef SSHOST_TESTS_IMAGE_BMP_FILE_H
#define SSHOST_TESTS_IMAGE_BMP_FILE_H

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sshost::image::testing {

struct BmpFile {
  int32_t width = 0;
  int32_t height = 0;  // negative: from the top down
  uint16_t bits = 24;
  uint32_t compression = 0;                          // 1, 2: run lengths of 8 and 4 bits; 3: masks
  std::vector<std::array<uint8_t, 3>> palette = {};  // RGB
  std::vector<uint32_t> masks = {};
  std::vector<uint8_t> pixels = {};  // as stored: rows of a multiple of 4 bytes, or run lengths
};

inline std::string bmp_bytes(const BmpFile& image) {
  std::string bytes = "BM";
  const auto add = [&](uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i));
  };
  const size_t offset = 54 + 4 * (image.palette.size() + image.masks.size());
  add(static_cast<uint32_t>(offset + image.pixels.size()), 4);
  add(0, 4);
  add(static_cast<uint32_t>(offset), 4);
  add(40, 4);
  add(static_cast<uint32_t>(image.width), 4);
  add(static_cast<uint32_t>(image.height), 4);
  add(1, 2);
  add(image.bits, 2);
  add(image.compression, 4);
  for (int i = 0; i < 3; ++i) add(0, 4);
  add(static_cast<uint32_t>(image.palette.size()), 4);
  add(0, 4);
  for (const uint32_t mask : image.masks) add(mask, 4);
  for (const auto& [red, green, blue] : image.palette) {
    for (const uint8_t value : {blue, green, red, uint8_t{0}}) bytes += static_cast<char>(value);
  }
  for (const uint8_t value : image.pixels) bytes += static_cast<char>(value);
  return bytes;
}

}  // namespace sshost::image::testing

#endif  // SSHOST_TESTS_IMAGE_BMP_FILE_H
