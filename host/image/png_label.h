#ifndef SSHOST_IMAGE_PNG_LABEL_H
#define SSHOST_IMAGE_PNG_LABEL_H

#include <cstdint>
#include <opencv2/core.hpp>
#include <span>

namespace sshost::image {

// The one channel of a PNG as it is stored: palette indices and not their colours, grey values of 1, 2 and 4 bits
// without scaling. CV_8UC1, or CV_16UC1 for 16 bits; an alpha channel beside grey is dropped.
// Throws StatusError(SS_IO) where the file is broken or stores colours.
cv::Mat decode_png_label(std::span<const uint8_t> file);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_PNG_LABEL_H
