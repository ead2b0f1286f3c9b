#ifndef SSHOST_IMAGE_JPEG_ENCODER_H
#define SSHOST_IMAGE_JPEG_ENCODER_H

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::image {

// A CV_8UC3 RGB image as JPEG of a quality of 1 to 100. Throws EncodingError.
std::vector<uint8_t> encode_jpeg(const cv::Mat& rgb, int quality);

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_JPEG_ENCODER_H
