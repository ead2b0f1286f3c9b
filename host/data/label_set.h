#ifndef SSHOST_DATA_LABEL_SET_H
#define SSHOST_DATA_LABEL_SET_H

#include <bit>
#include <cstddef>
#include <cstdint>
#include <opencv2/core.hpp>
#include <vector>

namespace sshost::data {

// A label that is a set of classes: bit k says that the pixel is of class k. 0 is of none, what is negative is ignored.
inline constexpr size_t kMostClassesOfSets = 30;

// Calls `use` with the number of each class in the set.
template <typename Use>
void for_each_class(int32_t set, Use use) {
  for (auto left = static_cast<uint32_t>(set); left != 0; left &= left - 1) use(std::countr_zero(left));
}

// The set with each class k as `of[k]`.
inline int32_t renumbered(int32_t set, const std::vector<int32_t>& of) {
  uint32_t result = 0;
  for_each_class(set, [&](int k) { result |= 1U << of[static_cast<size_t>(k)]; });
  return static_cast<int32_t>(result);
}

// For pictures: of each pixel (CV_32S) the last class of its set, `none` where it is empty, -1 where it is ignored.
inline cv::Mat last_classes(const cv::Mat& sets, int32_t none) {
  cv::Mat classes(sets.size(), CV_32S);
  for (int y = 0; y < sets.rows; ++y) {
    const auto* from = sets.ptr<int32_t>(y);
    auto* to = classes.ptr<int32_t>(y);
    for (int x = 0; x < sets.cols; ++x) {
      const auto set = static_cast<uint32_t>(from[x]);
      to[x] = from[x] < 0 ? -1 : set == 0 ? none : static_cast<int32_t>(std::bit_width(set)) - 1;
    }
  }
  return classes;
}

}  // namespace sshost::data

#endif  // SSHOST_DATA_LABEL_SET_H
