#ifndef SSHOST_DATA_RANDOM_CROP_H
#define SSHOST_DATA_RANDOM_CROP_H

#include "data/transform.h"

namespace sshost::data {

struct RandomCropOptions {
  cv::Size size;                  // of the crop; an image that is smaller keeps its side
  double max_class_ratio = 0.75;  // see below; 1 takes the first place
  int64_t label_end = 0;          // of the data set (DatasetInfo): labels outside [0, end) are not valid pixels
};

// Cuts out a rectangle at a random place. Up to 10 places are tried until more than one class is present and none
// covers max_class_ratio or more of the valid pixels (of labels that are sets: no set); the tenth is taken as it is. Where it holds no valid pixel at
// all, the middle is cut out: published code leaves such an image whole, for the padding behind it to cut. Without a
// label the first place is taken.
class RandomCrop final : public Transform {
 public:
  explicit RandomCrop(const RandomCropOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;
  SizeRange sizes(const SizeRange& of) const override;

 private:
  enum class Verdict { kGood, kOneSided, kNothingValid };
  Verdict judge(const cv::Mat& label) const;

  RandomCropOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_RANDOM_CROP_H
