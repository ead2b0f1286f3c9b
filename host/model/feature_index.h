#ifndef SSHOST_MODEL_FEATURE_INDEX_H
#define SSHOST_MODEL_FEATURE_INDEX_H

#include <cstdint>
#include <string>

#include "config/value_error.h"

namespace sshost::model {

// The place that `index` means among `count` feature maps, counted from the end where negative. Throws ValueError
// with `key`, the pipeline's.
inline std::size_t feature_index(int64_t index, std::size_t count, const std::string& key) {
  const int64_t maps = static_cast<int64_t>(count);
  const int64_t place = index < 0 ? index + maps : index;
  if (place >= 0 && place < maps) return static_cast<std::size_t>(place);
  throw config::ValueError(key, std::to_string(index) + " is out of range; there are " + std::to_string(maps) +
                                    " feature maps: 0 to " + std::to_string(maps - 1) + ", or -1 to " +
                                    std::to_string(-maps) + " from the end");
}

}  // namespace sshost::model

#endif  // SSHOST_MODEL_FEATURE_INDEX_H
