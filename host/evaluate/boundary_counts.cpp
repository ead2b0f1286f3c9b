#include "evaluate/boundary_counts.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

#include "base/error.h"

namespace sshost::evaluate {
namespace {

// In a map of classes: class c is c + 1.
using Cell = uint16_t;
constexpr Cell kIgnored = 0;

// The values of `classes` where the label counts, kIgnored elsewhere: CV_16U.
cv::Mat map_of(const at::Tensor& classes, const at::Tensor& labels, int64_t count) {
  cv::Mat map(static_cast<int>(labels.size(0)), static_cast<int>(labels.size(1)), CV_16UC1);
  const auto* value = classes.const_data_ptr<int64_t>();
  const auto* label = labels.const_data_ptr<int64_t>();
  std::transform(value, value + classes.numel(), label, map.ptr<Cell>(), [count](int64_t v, int64_t truth) {
    return truth >= 0 && truth < count ? static_cast<Cell>(v + 1) : kIgnored;
  });
  return map;
}

// 255 where a pixel has no other class, and no end of the image, within `distance`. All classes at once: the least and
// the greatest class around such a pixel are the same.
cv::Mat inside(const cv::Mat& map, int distance) {
  const int side = 2 * distance + 1;
  const cv::Mat square = cv::getStructuringElement(cv::MORPH_RECT, {side, side});
  const cv::Scalar outside = cv::Scalar::all(kIgnored);  // less than every class
  cv::Mat least = map.clone();
  least.setTo(std::numeric_limits<Cell>::max(), map == kIgnored);
  cv::Mat greatest;
  cv::erode(least, least, square, {-1, -1}, 1, cv::BORDER_CONSTANT, outside);
  cv::dilate(map, greatest, square, {-1, -1}, 1, cv::BORDER_CONSTANT, outside);
  return least == greatest;
}

}  // namespace

BoundaryCounts::BoundaryCounts(int64_t classes, double ratio)
    : classes_(classes), ratio_(ratio), counts_(at::zeros({3, classes}, at::kLong)) {
  if (classes < std::numeric_limits<Cell>::max()) return;
  throw Error("boundary IoU: expected fewer than 65535 classes, found " + std::to_string(classes));
}

void BoundaryCounts::add(const at::Tensor& predicted, const at::Tensor& labels) {
  const at::Tensor label = labels.to(at::kLong).contiguous();
  const at::Tensor prediction = predicted.to(at::kLong).contiguous();
  const auto height = static_cast<double>(label.size(0));
  const auto width = static_cast<double>(label.size(1));
  const int distance = std::max(1, static_cast<int>(std::lround(ratio_ * std::hypot(height, width))));
  const cv::Mat truth = map_of(label, label, classes_);
  const cv::Mat guess = map_of(prediction, label, classes_);
  const cv::Mat truth_inside = inside(truth, distance);
  const cv::Mat guess_inside = inside(guess, distance);
  auto* both = counts_.data_ptr<int64_t>();
  auto* of_truth = both + classes_;
  auto* of_guess = of_truth + classes_;
  for (size_t i = 0; i < truth.total(); ++i) {
    const Cell t = truth.ptr<Cell>()[i];
    if (t == kIgnored) continue;
    const Cell g = guess.ptr<Cell>()[i];
    const bool near_truth = truth_inside.data[i] == 0;
    const bool near_guess = guess_inside.data[i] == 0;
    if (near_truth) ++of_truth[t - 1];
    if (near_guess) ++of_guess[g - 1];
    if (near_truth && near_guess && t == g) ++both[t - 1];
  }
}

}  // namespace sshost::evaluate
