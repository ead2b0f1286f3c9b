#ifndef SSHOST_DATA_SCALE_CHECK_H
#define SSHOST_DATA_SCALE_CHECK_H

#include "data/transform.h"

namespace sshost::data {

// The last transform of what is evaluated or predicted: images that have no pixel left at one of `evaluate.scales` are
// broken samples, before they meet the others of their batch.
class ScaleCheck final : public Transform {
 public:
  explicit ScaleCheck(double smallest_scale) : smallest_(smallest_scale) {}

  // Throws BrokenSample, which names the scale and not the sample.
  void apply(Sample& sample, Random& random) const override;

 private:
  double smallest_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_SCALE_CHECK_H
