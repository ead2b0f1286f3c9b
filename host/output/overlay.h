#ifndef SSHOST_OUTPUT_OVERLAY_H
#define SSHOST_OUTPUT_OVERLAY_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

#include "data/sample.h"
#include "image/contours.h"

namespace sshost::output {

// An image under the colours of its classes, from top to bottom, a few rows at a time: regions are half transparent,
// their outlines are not. A background (data::is_background) is left clear; what is no class darkens the image.
class Overlay {
 public:
  // `width` of the image.
  Overlay(std::vector<data::Class> classes, int64_t width);

  // The next rows: image CV_8UC3 RGB, classes [h, w] integers of its size -> CV_8UC3 RGB.
  cv::Mat next(const cv::Mat& image, const at::Tensor& classes);

 private:
  cv::Vec3b color_of(int label) const;
  bool is_clear(int label) const;

  std::vector<data::Class> classes_;
  std::vector<bool> drawn_;  // of each class
  image::Contours contours_;
};

// An image as a whole.
cv::Mat overlay_mask(const cv::Mat& image, const at::Tensor& classes, const std::vector<data::Class>& palette);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_OVERLAY_H
