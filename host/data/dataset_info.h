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
  int64_t ignore_index;          // outside [0, classes); below 0 where labels are sets
  bool labels_are_sets = false;  // bit k of a label: the pixel is of class k (data/label_set.h); else it is a number

  // Labels are below this.
  int64_t label_end() const {
    return labels_are_sets ? int64_t{1} << classes.size() : static_cast<int64_t>(classes.size());
  }
};

inline std::vector<std::string> class_names(const std::vector<Class>& classes) {
  std::vector<std::string> names;
  for (const Class& each : classes) names.push_back(each.name);
  return names;
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_INFO_H
