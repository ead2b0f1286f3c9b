#include "stored_mask.h"

#include <png.h>

#include <sshost/error.hpp>

#include <array>
#include <string_view>

namespace labelme {

namespace {

constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<int8_t, 256> make_values() {
  std::array<int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kLetters.size(); ++i) {
    values[static_cast<unsigned char>(kLetters[i])] = static_cast<int8_t>(i);
  }
  return values;
}

std::vector<uint8_t> bytes_of(const std::string& base64) {
  static const std::array<int8_t, 256> values = make_values();
  std::vector<uint8_t> bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char letter : base64) {
    if (letter == '=') break;
    const int8_t value = values[static_cast<unsigned char>(letter)];
    if (value < 0) throw ss::Error("its \"mask\" is no base64");
    bits = bits << 6 | static_cast<uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<uint8_t>(bits >> count));
  }
  return bytes;
}

// libpng's memory for a file, freed also where something is thrown.
class PngImage {
 public:
  explicit PngImage(const std::vector<uint8_t>& bytes) {
    image_.version = PNG_IMAGE_VERSION;
    check(png_image_begin_read_from_memory(&image_, bytes.data(), bytes.size()));
  }
  ~PngImage() { png_image_free(&image_); }
  PngImage(const PngImage&) = delete;
  PngImage& operator=(const PngImage&) = delete;

  int64_t height() const { return image_.height; }
  int64_t width() const { return image_.width; }

  std::vector<uint8_t> grey() {
    image_.format = PNG_FORMAT_GRAY;
    std::vector<uint8_t> pixels(PNG_IMAGE_SIZE(image_));
    check(png_image_finish_read(&image_, nullptr, pixels.data(), 0, nullptr));
    return pixels;
  }

 private:
  void check(int done) const {
    if (done == 0) throw ss::Error(std::string("its \"mask\" is no PNG: ") + image_.message);
  }

  png_image image_{};
};

}  // namespace

std::vector<bool> read_stored_mask(const std::string& base64, int64_t height, int64_t width) {
  const std::vector<uint8_t> bytes = bytes_of(base64);
  PngImage image(bytes);
  if (image.height() != height || image.width() != width) {
    throw ss::Error("its \"mask\" has " + std::to_string(image.width()) + " x " + std::to_string(image.height()) +
                    " pixels, between its two points lie " + std::to_string(width) + " x " + std::to_string(height));
  }
  const std::vector<uint8_t> pixels = image.grey();
  std::vector<bool> inside;
  for (const uint8_t pixel : pixels) inside.push_back(pixel != 0);
  return inside;
}

}  // namespace labelme
