// Small samples for the tests of transforms.
#ifndef SSHOST_TESTS_DATA_SAMPLES_H
#define SSHOST_TESTS_DATA_SAMPLES_H

#include <opencv2/core.hpp>

#include "data/sample.h"

namespace sshost::data {

// Every pixel tells where it is: red its column, green its row; the label is its column's number.
inline Sample located_sample(int height, int width) {
  Sample sample{cv::Mat(height, width, CV_8UC3), cv::Mat(height, width, CV_32S), "located"};
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      sample.image.at<cv::Vec3b>(row, column) = {static_cast<uint8_t>(column), static_cast<uint8_t>(row), 0};
      sample.label.at<int32_t>(row, column) = column;
    }
  }
  return sample;
}

inline Sample labelled_sample(cv::Mat label) {
  return {cv::Mat(label.rows, label.cols, CV_8UC3, cv::Scalar::all(100)), std::move(label), "labelled"};
}

inline bool equal(const cv::Mat& a, const cv::Mat& b) {
  if (a.size() != b.size() || a.type() != b.type()) return false;
  return a.empty() || cv::norm(a, b, cv::NORM_INF) == 0;
}

}  // namespace sshost::data

#endif  // SSHOST_TESTS_DATA_SAMPLES_H
