// Labels in MATLAB files, read through libmatio, which has to be there only where such a file is read.
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

// The variable `S` of the file, a matrix of uint8. Throws ss::Error with the path.
// Threads: one file is read at a time.
MatLabel read_mat_label(const std::string& path);

}  // namespace cocostuff10k

#endif  // SSHOST_PLUGINS_COCOSTUFF10K_MAT_LABEL_H
