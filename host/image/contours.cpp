#include "image/contours.h"

#include <algorithm>

namespace sshost::image {
namespace {

constexpr int kNone = -1;
constexpr int64_t kWidthOfOnePixel = 700;

}  // namespace

int Contours::thickness_for(int64_t width) { return static_cast<int>(std::max<int64_t>(1, width / kWidthOfOnePixel)); }

bool Contours::is_drawn(int label) const {
  return label >= 0 && static_cast<size_t>(label) < drawn_.size() && drawn_[static_cast<size_t>(label)];
}

int Contours::outline_at(const cv::Mat& joined, int y, int x) const {
  const int own = joined.at<int>(y, x);
  const int left = x >= thickness_ ? joined.at<int>(y, x - thickness_) : own;
  const int above = y >= thickness_ ? joined.at<int>(y - thickness_, x) : own;
  if (left == own && above == own) return kNone;
  if (is_drawn(own)) return own;
  if (left != own && is_drawn(left)) return left;
  return above != own && is_drawn(above) ? above : kNone;
}

cv::Mat Contours::next(const cv::Mat& classes) {
  cv::Mat joined = classes;
  if (!above_.empty()) cv::vconcat(above_, classes, joined);
  const int before = joined.rows - classes.rows;
  cv::Mat outlines(classes.size(), CV_32S);
  for (int y = 0; y < classes.rows; ++y) {
    for (int x = 0; x < classes.cols; ++x) outlines.at<int>(y, x) = outline_at(joined, before + y, x);
  }
  above_ = joined.rowRange(std::max(0, joined.rows - thickness_), joined.rows).clone();
  return outlines;
}

}  // namespace sshost::image
