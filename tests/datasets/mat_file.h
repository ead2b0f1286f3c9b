// MATLAB files of version 5, as COCO-Stuff's labels are.
#ifndef SSHOST_TESTS_DATASETS_MAT_FILE_H
#define SSHOST_TESTS_DATASETS_MAT_FILE_H

#include <opencv2/core.hpp>
#include <string>

namespace sshost::data {

// A file with one matrix of uint8 (CV_8U) under this name, a single letter.
std::string mat_file(char name, const cv::Mat& matrix);

// The same, compressed and behind another variable, as MATLAB's -v7 saves them.
std::string compressed_mat_file(char name, const cv::Mat& matrix);

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATASETS_MAT_FILE_H
