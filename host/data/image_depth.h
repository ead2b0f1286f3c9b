#ifndef SSHOST_DATA_IMAGE_DEPTH_H
#define SSHOST_DATA_IMAGE_DEPTH_H

#include <cstdint>
#include <filesystem>
#include <optional>

namespace sshost::data {

// Returns the largest value of an image that stores 16 bits, or nullopt if it stores fewer or cannot be read.
std::optional<int64_t> largest_of_16_bits(const std::filesystem::path& path);

// Cameras of 10 and 12 bits store their values in 16 as they are: read as 8 bits, such an image is nearly black.
inline constexpr int64_t kDark = 65536 / 8;

}  // namespace sshost::data

#endif  // SSHOST_DATA_IMAGE_DEPTH_H
