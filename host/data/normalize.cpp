#include "data/normalize.h"

#include <string>

#include "base/error.h"
#include "data/channel_groups.h"

namespace sshost::data {
namespace {

// Four of the values from `first` on, or what is left of them.
cv::Scalar scalar_of(const std::vector<double>& values, int first) {
  cv::Scalar scalar = cv::Scalar::all(1);
  for (int i = 0; i < kMostAtOnce && first + i < static_cast<int>(values.size()); ++i) {
    scalar[i] = values[static_cast<size_t>(first + i)];
  }
  return scalar;
}

}  // namespace

void Normalize::apply(Sample& sample, Random&) const {
  const auto& [mean, std] = options_;
  if (static_cast<size_t>(sample.image.channels()) != mean.size()) {
    throw Error("normalize has " + std::to_string(mean.size()) + " means, the image " +
                std::to_string(sample.image.channels()) + " channels");
  }
  sample.image = in_groups(sample.image, [&](const cv::Mat& part, int first) {
    cv::Mat image;
    part.convertTo(image, CV_32F);
    cv::subtract(image, scalar_of(mean, first), image);
    const cv::Scalar deviation = scalar_of(std, first);
    cv::multiply(image, cv::Scalar(1 / deviation[0], 1 / deviation[1], 1 / deviation[2], 1 / deviation[3]), image);
    return image;
  });
}

}  // namespace sshost::data
