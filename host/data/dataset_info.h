#ifndef SSHOST_DATA_DATASET_INFO_H
#define SSHOST_DATA_DATASET_INFO_H

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sshost::data {

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

#endif  // SSHOST_DATA_DATASET_INFO_H
