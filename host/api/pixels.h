#ifndef SSHOST_API_PIXELS_H
#define SSHOST_API_PIXELS_H

#include <opencv2/core.hpp>

#include "api/sshost/api.h"

namespace sshost::api {

// A caller's image as a model of so many channels takes it: CV_8UC3 RGB; for others grey or RGBA as it is. What needs no
// conversion is not copied: it is valid as long as the caller's memory. Throws CallError where the description cannot be
// one, or has other channels.
cv::Mat pixels_of(const sshost_image& image, int64_t channels);

}  // namespace sshost::api

#endif  // SSHOST_API_PIXELS_H
