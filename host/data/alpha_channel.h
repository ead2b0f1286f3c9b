#ifndef SSHOST_DATA_ALPHA_CHANNEL_H
#define SSHOST_DATA_ALPHA_CHANNEL_H

#include <filesystem>
#include <optional>

namespace sshost::data {

// What the alpha channel of an image file says, which is dropped where the image is read as RGB and of labels.
struct AlphaChannel {
  bool varies = false;       // from pixel to pixel
  double transparent = 0;    // share of the pixels of which nothing is seen
  bool colors_vary = false;  // beside it; else all that the file tells is in its alpha
};

// Nothing where the file has none, or cannot be read.
std::optional<AlphaChannel> alpha_channel(const std::filesystem::path& path);

}  // namespace sshost::data

#endif  // SSHOST_DATA_ALPHA_CHANNEL_H
