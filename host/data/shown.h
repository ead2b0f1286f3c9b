#ifndef SSHOST_DATA_SHOWN_H
#define SSHOST_DATA_SHOWN_H

#include <opencv2/core.hpp>

namespace sshost::data {

// An image of any channels as people see it, CV_8UC3: RGB as it is, of more channels the first three, of fewer the
// first one as grey. Values beyond 0..255 are stretched between the least and the largest.
cv::Mat shown(const cv::Mat& image);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SHOWN_H
