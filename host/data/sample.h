#ifndef SSHOST_DATA_SAMPLE_H
#define SSHOST_DATA_SAMPLE_H

#include <array>
#include <cstdint>
#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace sshost::data {

// An image with its label on the way from the data set to the batch.
struct Sample {
  cv::Mat image;  // H x W x 3, RGB: CV_8UC3 as read, CV_32FC3 once normalised
  cv::Mat label;  // H x W, CV_32S: a class or the ignored label; empty where the data set has none
  std::string id;
  std::vector<std::string> damage = {};  // what the decoders of its files complained of; with their paths
};

// A class of the data set.
struct Class {
  std::string name;
  std::array<uint8_t, 3> color;  // RGB
  int64_t mirrored;              // what it becomes when the image is flipped; itself for most
};

struct DatasetInfo {
  std::vector<Class> classes;
  int64_t ignore_index;  // outside [0, classes)
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_SAMPLE_H
