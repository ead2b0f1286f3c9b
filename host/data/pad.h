#ifndef SSHOST_DATA_PAD_H
#define SSHOST_DATA_PAD_H

#include "data/transform.h"

namespace sshost::data {

struct PadOptions {
  cv::Size size;               // of the result
  int64_t ignore_index = 255;  // the label of the added pixels
};

// Brings image and label to one size, centred: a side that is too short gets pixels added (image 0, which is the mean
// once normalised, hence this belongs behind Normalize), one that is too long is cut.
class Pad final : public Transform {
 public:
  explicit Pad(const PadOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;
  SizeRange sizes(const SizeRange&) const override { return {options_.size, options_.size}; }

 private:
  PadOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_PAD_H
