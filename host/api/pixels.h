#ifndef SSHOST_API_PIXELS_H
#define SSHOST_API_PIXELS_H

#include <opencv2/core.hpp>

#include "api/sshost/api.h"

namespace sshost::api {

// A caller's image as CV_8UC3 RGB. RGB without a gap between rows is not copied: it is valid as long as the caller's
// memory. Throws CallError where the description cannot be one.
cv::Mat rgb_of(const sshost_image& image);

}  // namespace sshost::api

#endif  // SSHOST_API_PIXELS_H
