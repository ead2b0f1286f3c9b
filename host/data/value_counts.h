#ifndef SSHOST_DATA_VALUE_COUNTS_H
#define SSHOST_DATA_VALUE_COUNTS_H

#include <opencv2/core.hpp>

#include "data/true_values.h"

namespace sshost::data {

// Adds the pixels of a label, CV_32S.
void count_numbers(const cv::Mat& label, NumberCounts& counts);

// Adds those of a picture, CV_8UC3 RGB. Of a photograph, some ten thousand colours.
void count_colors(const cv::Mat& rgb, ColorCounts& counts);

}  // namespace sshost::data

#endif  // SSHOST_DATA_VALUE_COUNTS_H
