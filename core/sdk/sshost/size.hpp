// ss::Size: height and width of a map or an image.
#ifndef SSHOST_SIZE_HPP
#define SSHOST_SIZE_HPP

#include <cstdint>

#include "host.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct Size {
  int64_t height = 0;
  int64_t width = 0;
  bool operator==(const Size&) const = default;
};

}  // namespace v1
}  // namespace ss

#endif
