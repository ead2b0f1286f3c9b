// What an image file says of itself, read without decoding it.
#ifndef SSHOST_IMAGE_IMAGE_HEADER_H
#define SSHOST_IMAGE_IMAGE_HEADER_H

#include <cstdint>
#include <span>

namespace sshost::image {

struct ImageHeader {
  enum class Format { kPng, kJpeg, kOther };
  Format format = Format::kOther;
  int64_t width = 0;  // 0 by 0 where it was not found
  int64_t height = 0;
  bool complete = true;  // false: a JPEG that ends before its end marker, which decoders fill up without an error
};

// Never reads past the end, whatever the bytes are. Formats other than PNG and JPEG give kOther.
ImageHeader read_image_header(std::span<const uint8_t> file);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_IMAGE_HEADER_H
