// Labels in MATLAB files of version 5, compressed or not, as COCO-Stuff's are. Those of version 7.3 are HDF5, which may
// lead to other files: they are refused.
#ifndef SSHOST_PLUGINS_COCOSTUFF10K_MAT_LABEL_H
#define SSHOST_PLUGINS_COCOSTUFF10K_MAT_LABEL_H

#include <cstdint>
#include <string>
#include <vector>

namespace cocostuff10k {

struct MatLabel {
  int64_t height;
  int64_t width;
  std::vector<uint8_t> numbers;  // row by row
};

// The variable `S` of the file, a matrix of uint8 of at most `most` numbers. Throws ss::Error with the path.
MatLabel read_mat_label(const std::string& path, int64_t most);

}  // namespace cocostuff10k

#endif  // SSHOST_PLUGINS_COCOSTUFF10K_MAT_LABEL_H
