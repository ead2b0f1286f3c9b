// Image files, decoded by the host.
#ifndef SSHOST_IMAGE_HPP
#define SSHOST_IMAGE_HPP

#include <sshost/abi/images.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "host.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// An image file, decoded by the host. An unreadable one throws with its path.
class Image {
 public:
  // 3 interleaved channels of uint8, whatever the file holds; a photograph is upright.
  static Image rgb(const std::string& path) { return Image(path, SS_IMAGE_RGB); }

  // 1 channel as stored, a palette's indices and not its colours: uint8, or int32 for a 16-bit file.
  static Image label(const std::string& path) { return Image(path, SS_IMAGE_LABEL); }

  // As rgb, but not turned: a label whose colours stand for classes.
  static Image color_label(const std::string& path) { return Image(path, SS_IMAGE_COLOR_LABEL); }

  // All channels as they are stored, upright: uint8, or float for more than 8 bits.
  static Image samples(const std::string& path) { return Image(path, SS_IMAGE_SAMPLES); }

  ~Image() {
    if (abi_.owner != nullptr) table().release(&abi_);
  }
  Image(Image&& other) noexcept : abi_(std::exchange(other.abi_, {})) {}
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  Image& operator=(Image&&) = delete;

  int64_t height() const { return abi_.height; }
  int64_t width() const { return abi_.width; }
  int64_t channels() const { return abi_.channels; }
  int64_t elements() const { return abi_.height * abi_.width * abi_.channels; }
  ss_dtype dtype() const { return abi_.dtype; }
  std::size_t element_size() const { return abi_.dtype == SS_UINT8 ? 1 : 4; }
  const void* pixels() const { return abi_.pixels; }  // rows without padding; live as long as this object

  // Element i of all, row by row; not of floats.
  int32_t operator[](int64_t i) const {
    return abi_.dtype == SS_UINT8 ? static_cast<const uint8_t*>(abi_.pixels)[i]
                                  : static_cast<const int32_t*>(abi_.pixels)[i];
  }

 private:
  static const ss_images_table& table() { return detail::capability<SS_IMAGES_1, ss_images_table>(); }

  Image(const std::string& path, ss_image_mode mode) {
    abi_.size = sizeof(abi_);
    detail::check(table().read(detail::to_abi(path), mode, &abi_));
  }

  ss_image abi_{};
};

}  // namespace v1
}  // namespace ss

#endif
