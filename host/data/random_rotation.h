#ifndef SSHOST_DATA_RANDOM_ROTATION_H
#define SSHOST_DATA_RANDOM_ROTATION_H

#include "data/transform.h"

namespace sshost::data {

struct RandomRotationOptions {
  double probability = 0.6;
  int max_angle = 30;          // degrees
  int64_t ignore_index = 255;  // the label of what turns into the picture
};

// Turns around the middle by a whole number of degrees of [-max_angle, max_angle), counter-clockwise where positive;
// the size stays. Images bicubically, with 0 for what was outside, labels by nearest pixel.
class RandomRotation final : public Transform {
 public:
  explicit RandomRotation(const RandomRotationOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;

 private:
  RandomRotationOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_RANDOM_ROTATION_H
