#ifndef SSHOST_DATA_RANDOM_FLIP_H
#define SSHOST_DATA_RANDOM_FLIP_H

#include <utility>

#include "data/transform.h"

namespace sshost::data {

struct RandomFlipOptions {
  double probability = 0.5;
  std::vector<int32_t> mirrored;  // for each class the one that it becomes (left arm, right arm); empty: all stay
  bool labels_are_sets = false;
};

// Mirrors left and right.
class RandomFlip final : public Transform {
 public:
  explicit RandomFlip(RandomFlipOptions options) : options_(std::move(options)) {}
  void apply(Sample& sample, Random& random) const override;

 private:
  RandomFlipOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_RANDOM_FLIP_H
