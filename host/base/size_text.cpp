#include "base/size_text.h"

namespace sshost {

std::string size_text(int64_t height, int64_t width) {
  return "{height: " + std::to_string(height) + ", width: " + std::to_string(width) + "}";
}

}  // namespace sshost
