#ifndef SSHOST_DATA_CHANNEL_GROUPS_H
#define SSHOST_DATA_CHANNEL_GROUPS_H

#include <algorithm>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::data {

// OpenCV's scalars, and with them some of its functions, end at four channels.
inline constexpr int kMostAtOnce = 4;

// `change(part, first)` of an image's channels, at most four at a time, put together again: `first` is the first
// channel of the part.
template <typename Change>
cv::Mat in_groups(const cv::Mat& image, Change&& change) {
  if (image.channels() <= kMostAtOnce) return change(image, 0);
  std::vector<cv::Mat> planes;
  cv::split(image, planes);
  const int channels = image.channels();
  std::vector<cv::Mat> changed;
  for (int first = 0; first < channels; first += kMostAtOnce) {
    const int last = std::min(channels, first + kMostAtOnce);
    cv::Mat part;
    cv::merge(std::vector<cv::Mat>(planes.begin() + first, planes.begin() + last), part);
    std::vector<cv::Mat> parts;
    cv::split(change(part, first), parts);
    changed.insert(changed.end(), parts.begin(), parts.end());
  }
  cv::Mat whole;
  cv::merge(changed, whole);
  return whole;
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_CHANNEL_GROUPS_H
