#include "data/random_rotation.h"

#include <opencv2/imgproc.hpp>

#include "data/channel_groups.h"

namespace sshost::data {

namespace {

cv::Mat turned(const cv::Mat& from, const cv::Mat& matrix, int interpolation, double fill) {
  cv::Mat to;
  cv::warpAffine(from, to, matrix, from.size(), interpolation, cv::BORDER_CONSTANT, cv::Scalar::all(fill));
  return to;
}

}  // namespace

void RandomRotation::apply(Sample& sample, Random& random) const {
  if (!random.coin(options_.probability) || options_.max_angle == 0) return;
  const int64_t angle = random.below(2 * options_.max_angle) - options_.max_angle;
  const cv::Point2f middle(static_cast<float>(sample.image.cols) / 2, static_cast<float>(sample.image.rows) / 2);
  const cv::Mat matrix = cv::getRotationMatrix2D(middle, static_cast<double>(angle), 1);
  sample.image =
      in_groups(sample.image, [&](const cv::Mat& part, int) { return turned(part, matrix, cv::INTER_CUBIC, 0); });
  if (sample.label.empty()) return;
  sample.label = turned(sample.label, matrix, cv::INTER_NEAREST, static_cast<double>(options_.ignore_index));
}

}  // namespace sshost::data
