// Pixels to store: smooth with an edge and some noise, so that every way of rounding shows.
#ifndef SSHOST_TESTS_IMAGE_PICTURE_H
#define SSHOST_TESTS_IMAGE_PICTURE_H

#include <cmath>
#include <cstdint>
#include <opencv2/core.hpp>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "image/image_file.h"

namespace sshost::image::testing {

inline constexpr uint32_t kWidth = 67;
inline constexpr uint32_t kHeight = 45;

// Row by row, `samples` bytes a pixel.
inline std::vector<uint8_t> picture(uint32_t samples, uint32_t width = kWidth, uint32_t height = kHeight) {
  std::mt19937 random(11);
  std::vector<uint8_t> bytes;
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) {
      for (uint32_t c = 0; c < samples; ++c) {
        const double wave = 90 * std::sin(0.11 * x + c) * std::cos(0.07 * y - c) + (x > 2 * y ? 60 : -40);
        bytes.push_back(static_cast<uint8_t>(128 + wave + static_cast<double>(random() % 16) - 8));
      }
    }
  }
  return bytes;
}

inline std::vector<uint8_t> noise(size_t count) {
  std::mt19937 random(7);
  std::vector<uint8_t> bytes(count);
  for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random());
  return bytes;
}

inline std::span<const uint8_t> bytes_of(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

inline Image decode(const std::string& bytes, Mode mode) { return decode_image(MemorySource(bytes_of(bytes)), mode); }

}  // namespace sshost::image::testing

#endif  // SSHOST_TESTS_IMAGE_PICTURE_H
