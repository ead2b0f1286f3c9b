#ifndef SSHOST_IMAGE_CONTOURS_H
#define SSHOST_IMAGE_CONTOURS_H

#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::image {

// The outlines of regions of class numbers, from top to bottom, a few rows at a time. A pixel lies on an outline where
// the one `thickness` to its left or above it has another number.
class Contours {
 public:
  // What is drawn: classes whose element is true.
  Contours(std::vector<bool> drawn, int thickness) : drawn_(std::move(drawn)), thickness_(thickness) {}

  // The next rows, CV_32S -> CV_32S of their size: the class whose outline lies there, or -1. Where two drawn classes
  // meet it is the pixel's own.
  cv::Mat next(const cv::Mat& classes);

  // Of an image of that width: a line that is seen when the image is looked at as a whole.
  static int thickness_for(int64_t width);

 private:
  bool is_drawn(int label) const;
  int outline_at(const cv::Mat& joined, int y, int x) const;

  std::vector<bool> drawn_;
  int thickness_;
  cv::Mat above_;  // the last rows, at most `thickness` of them
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_CONTOURS_H
