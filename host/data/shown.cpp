#include "data/shown.h"

#include <vector>

namespace sshost::data {

cv::Mat shown(const cv::Mat& image) {
  if (image.type() == CV_8UC3) return image;
  std::vector<cv::Mat> planes;
  cv::split(image, planes);
  const bool is_grey = planes.size() < 3;
  cv::Mat rgb;
  cv::merge(std::vector<cv::Mat>{planes[0], planes[is_grey ? 0 : 1], planes[is_grey ? 0 : 2]}, rgb);
  double least = 0, most = 255;
  if (rgb.depth() != CV_8U) cv::minMaxLoc(rgb.reshape(1), &least, &most);
  cv::Mat bytes;
  if (least >= 0 && most <= 255) {
    rgb.convertTo(bytes, CV_8U);
  } else {
    rgb.convertTo(bytes, CV_8U, 255 / (most - least), -least * 255 / (most - least));
  }
  return bytes;
}

}  // namespace sshost::data
