#include "data/resize.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "data/channel_groups.h"

namespace sshost::data {

namespace {

int scaled(int length, double factor) { return std::max(1, static_cast<int>(std::floor(length * factor + 0.5))); }

int truncated(int length, double factor) { return std::max(1, static_cast<int>(length * factor)); }

}  // namespace

cv::Size Resize::size_for(cv::Size image, cv::Size target) const {
  if (!options_.keep_ratio) return target;
  const auto [shorter, longer] = std::minmax({target.width, target.height});
  const double factor = std::min(static_cast<double>(longer) / std::max(image.width, image.height),
                                 static_cast<double>(shorter) / std::min(image.width, image.height));
  return {scaled(image.width, factor), scaled(image.height, factor)};
}

cv::Size Resize::target_at(double factor) const {
  return {truncated(options_.size.width, factor), truncated(options_.size.height, factor)};
}

SizeRange Resize::sizes(const SizeRange& of) const {
  const auto [least, most] = options_.scale_range.value_or(std::pair(1.0, 1.0));
  return joined({size_for(of.least, target_at(least)), size_for(of.least, target_at(most))},
                {size_for(of.most, target_at(least)), size_for(of.most, target_at(most))});
}

void Resize::apply(Sample& sample, Random& random) const {
  cv::Size target = options_.size;
  if (options_.scale_range) {
    const auto [least, most] = *options_.scale_range;
    target = target_at(least + random.uniform() * (most - least));
  }
  const cv::Size size = size_for(sample.image.size(), target);
  sample.image = in_groups(sample.image, [&](const cv::Mat& part, int) {
    cv::Mat image;
    cv::resize(part, image, size, 0, 0, cv::INTER_LINEAR);
    return image;
  });
  if (sample.label.empty()) return;
  cv::Mat label;
  cv::resize(sample.label, label, size, 0, 0, cv::INTER_NEAREST);
  sample.label = label;
}

}  // namespace sshost::data
