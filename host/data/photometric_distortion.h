#ifndef SSHOST_DATA_PHOTOMETRIC_DISTORTION_H
#define SSHOST_DATA_PHOTOMETRIC_DISTORTION_H

#include <utility>

#include "data/transform.h"

namespace sshost::data {

struct PhotometricDistortionOptions {
  double brightness_delta = 32;                        // of 255
  std::pair<double, double> contrast_range{0.5, 1.5};  // factors
  std::pair<double, double> saturation_range{0.5, 1.5};
  int hue_delta = 18;  // of 180
};

// The colour changes of single-shot detection (Liu et al., "SSD: single shot multibox detector", ECCV 2016), each made
// with probability 1/2: value + uniform(-brightness_delta, brightness_delta), value * uniform(contrast_range) before or
// behind the others, saturation * uniform(saturation_range), hue + a whole number of [-hue_delta, hue_delta). After
// each the image is cut to 0..255 and truncated to 8 bits. Labels stay as they are. Error where the image is no longer
// 8 bit.
class PhotometricDistortion final : public Transform {
 public:
  explicit PhotometricDistortion(const PhotometricDistortionOptions& options) : options_(options) {}
  void apply(Sample& sample, Random& random) const override;

 private:
  void change_brightness(cv::Mat& image, Random& random) const;
  void change_contrast(cv::Mat& image, Random& random) const;
  void change_saturation(cv::Mat& image, Random& random) const;
  void change_hue(cv::Mat& image, Random& random) const;

  PhotometricDistortionOptions options_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_PHOTOMETRIC_DISTORTION_H
