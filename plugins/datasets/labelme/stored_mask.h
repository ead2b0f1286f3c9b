#ifndef SSHOST_PLUGINS_LABELME_STORED_MASK_H
#define SSHOST_PLUGINS_LABELME_STORED_MASK_H

#include <cstdint>
#include <string>
#include <vector>

namespace labelme {

// A mask as labelme stores it, a PNG file of one channel in base64: what is not 0 is inside. Row by row; it has to have
// this size. Throws where it is none.
std::vector<bool> read_stored_mask(const std::string& base64, int64_t height, int64_t width);

}  // namespace labelme

#endif  // SSHOST_PLUGINS_LABELME_STORED_MASK_H
