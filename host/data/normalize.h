#ifndef SSHOST_DATA_NORMALIZE_H
#define SSHOST_DATA_NORMALIZE_H

#include <array>

#include "data/transform.h"

namespace sshost::data {

struct NormalizeOptions {
  std::array<double, 3> mean = {123.675, 116.28, 103.53};  // of red, green, blue in 0..255
  std::array<double, 3> std = {58.395, 57.12, 57.375};
};

// (image - mean) / std for each channel, as CV_32FC3.
class Normalize final : public Transform {
 public:
  explicit Normalize(const NormalizeOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;

 private:
  NormalizeOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_NORMALIZE_H
