// How much an image may ask for. A file of some bytes may claim any size, and what it claims is allocated before it is
// decoded.
#ifndef SSHOST_IMAGE_LIMITS_H
#define SSHOST_IMAGE_LIMITS_H

#include <cstdint>

namespace sshost::image {

// 16384 x 16384: of an image that is decoded as a whole. As RGB it takes 0.8 GB.
inline constexpr int64_t kMostPixels = int64_t{1} << 28;

// A photograph of more than 4096 x 4096 pixels has at least a byte for so many of them: what deflate, the best of
// these formats at it, makes of one colour in 8 bits. A label may be one colour in 1 bit.
inline constexpr int64_t kMostPixelsOfFewBytes = int64_t{1} << 24;
inline constexpr int64_t kMostPixelsOfAByte = 1032;

// Bytes that a decoder may read before it knows the size.
inline constexpr uint64_t kMostHeaderBytes = uint64_t{1} << 24;

// Bytes that a decoder may read, and that its library may allocate at once: 64 MB for what comes beside the pixels, and
// 16 bytes for each of them, twice what the widest pixel has.
inline constexpr uint64_t most_bytes(int64_t width, int64_t height) {
  return (uint64_t{1} << 26) + 16 * static_cast<uint64_t>(width) * static_cast<uint64_t>(height);
}

// Bytes that the tags of a TIFF may have in all: the places of 8 million strips or tiles.
inline constexpr uint64_t kMostTagBytes = uint64_t{1} << 27;

// Samples of a pixel, and of an image: of 16 bits the latter take 4 GB.
inline constexpr int64_t kMostSamplesOfAPixel = 64;
inline constexpr int64_t kMostSamples = (int64_t{1} << 31) - 1;

// Throws Error where an image of this size has more of them.
void check_samples(int64_t width, int64_t height, int64_t samples);

// Throws Error where a photograph of this size cannot come from a file of so many bytes.
void check_density(int64_t width, int64_t height, uint64_t file_bytes);

// Throws Error where an image of this size is not decoded as a whole from a file of so many bytes.
void check_size(int64_t width, int64_t height, uint64_t file_bytes, bool is_label);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_LIMITS_H
