#ifndef SSHOST_DATA_STRICT_IMAGES_H
#define SSHOST_DATA_STRICT_IMAGES_H

#include <string>

namespace sshost::data {

// Why data.strict_images refuses a file of whose bytes its decoder complains so.
inline std::string strict_refusal(const std::string& damage) {
  return damage + "; data.strict_images takes such a file for broken";
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_STRICT_IMAGES_H
