#include "image/image_header.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace sshost::image {
namespace {

int64_t big_endian(std::span<const uint8_t> bytes) {
  int64_t value = 0;
  for (uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

bool starts_with(std::span<const uint8_t> file, std::span<const uint8_t> signature) {
  return file.size() >= signature.size() && std::equal(signature.begin(), signature.end(), file.begin());
}

// The header chunk comes first: 8 bytes of signature, 4 of length, "IHDR", width, height.
ImageHeader read_png(std::span<const uint8_t> file) {
  ImageHeader header{.format = ImageHeader::Format::kPng};
  if (file.size() < 24) return header;
  header.width = big_endian(file.subspan(16, 4));
  header.height = big_endian(file.subspan(20, 4));
  return header;
}

bool has_no_length(uint8_t marker) { return marker == 0x00 || marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }

bool is_frame(uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

// From marker to marker. Those with a length are stepped over; the coded data between others is searched for the next.
ImageHeader read_jpeg(std::span<const uint8_t> file) {
  constexpr uint8_t kEndOfImage = 0xD9;
  ImageHeader header{.format = ImageHeader::Format::kJpeg, .complete = false};
  size_t at = 2;
  while (at < file.size()) {
    const void* found = std::memchr(file.data() + at, 0xFF, file.size() - at);
    if (found == nullptr) break;
    at = static_cast<size_t>(static_cast<const uint8_t*>(found) - file.data()) + 1;
    if (at >= file.size()) break;
    const uint8_t marker = file[at];
    if (marker == 0xFF) continue;  // a fill byte: this one may begin the marker
    ++at;
    if (has_no_length(marker)) continue;
    header.complete = marker == kEndOfImage;
    if (header.complete || file.size() - at < 2) break;
    if (is_frame(marker) && file.size() - at >= 7) {
      header.height = big_endian(file.subspan(at + 3, 2));
      header.width = big_endian(file.subspan(at + 5, 2));
    }
    at += static_cast<size_t>(std::max<int64_t>(2, big_endian(file.subspan(at, 2))));
  }
  return header;
}

}  // namespace

ImageHeader read_image_header(std::span<const uint8_t> file) {
  constexpr std::array<uint8_t, 8> kPng = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  constexpr std::array<uint8_t, 3> kJpeg = {0xFF, 0xD8, 0xFF};
  if (starts_with(file, kPng)) return read_png(file);
  if (starts_with(file, kJpeg)) return read_jpeg(file);
  return {};
}

}  // namespace sshost::image
