#ifndef SSHOST_DATA_SIZE_TEXT_H
#define SSHOST_DATA_SIZE_TEXT_H

#include <opencv2/core.hpp>
#include <string>

namespace sshost::data {

// For a message: "{height: 480, width: 640}".
std::string size_text(cv::Size size);
std::string size_text(const cv::Mat& image);

// How an image and its label differ in size, "<image> is {...}, <label> {...}", with what may be the reason.
std::string sizes_text(const std::string& image_name, const cv::Mat& image, const std::string& label_name,
                       const cv::Mat& label);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SIZE_TEXT_H
