#ifndef SSHOST_DATA_NORMALIZE_H
#define SSHOST_DATA_NORMALIZE_H

#include <utility>
#include <vector>

#include "data/transform.h"

namespace sshost::data {

struct NormalizeOptions {
  std::vector<double> mean = {123.675, 116.28, 103.53};  // of each channel; here of red, green, blue in 0..255
  std::vector<double> std = {58.395, 57.12, 57.375};
};

// (image - mean) / std for each channel, as CV_32F. Throws Error where the image has another number of channels.
class Normalize final : public Transform {
 public:
  explicit Normalize(NormalizeOptions options) : options_(std::move(options)) {}
  void apply(Sample& sample, Random& random) const override;

 private:
  NormalizeOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_NORMALIZE_H
