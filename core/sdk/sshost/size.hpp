// ss::Size: height and width of a map or an image.
#ifndef SSHOST_SIZE_HPP
#define SSHOST_SIZE_HPP

#include <cstdint>
#include <string>

#include "host.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct Size {
  int64_t height = 0;
  int64_t width = 0;
  bool operator==(const Size&) const = default;
};

// As a pipeline writes it: "{height: 480, width: 640}".
inline std::string to_string(const Size& size) {
  return "{height: " + std::to_string(size.height) + ", width: " + std::to_string(size.width) + "}";
}

}  // namespace v1
}  // namespace ss

#endif
