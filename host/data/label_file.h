#ifndef SSHOST_DATA_LABEL_FILE_H
#define SSHOST_DATA_LABEL_FILE_H

#include <filesystem>
#include <opencv2/core.hpp>

namespace sshost::data {

// The numbers in a file of one channel, palette or grey; empty where it holds colours, or cannot be read.
cv::Mat stored_numbers(const std::filesystem::path& path);

// The same, or the colours in a file of three channels (CV_8UC3 RGB).
cv::Mat stored_label(const std::filesystem::path& path);

// Whether a file is stored in a way that changes numbers and colours: JPEG, or WebP of the kind that is not lossless.
bool is_lossy(const std::filesystem::path& path);

// Whether an image and a label have one shape: either may be the other in another size.
bool have_one_shape(const cv::Size& image, const cv::Size& label);

}  // namespace sshost::data

#endif  // SSHOST_DATA_LABEL_FILE_H
