#ifndef SSHOST_DATA_SAMPLE_H
#define SSHOST_DATA_SAMPLE_H

#include <opencv2/core.hpp>
#include <string>

#include "data/dataset_info.h"

namespace sshost::data {

// An image with its label on the way from the data set to the batch.
struct Sample {
  cv::Mat image;  // H x W x C: 8 bits as read (CV_32F from files of 16 bits that are not RGB), CV_32F once normalised
  cv::Mat label;  // H x W, CV_32S: a class or the ignored label; empty where the data set has none
  std::string id;
  std::vector<std::string> damage = {};  // what the decoders of its files complained of; with their paths
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_SAMPLE_H
