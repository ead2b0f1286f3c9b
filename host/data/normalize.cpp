#include "data/normalize.h"

namespace sshost::data {

void Normalize::apply(Sample& sample, Random&) const {
  const auto& [mean, std] = options_;
  cv::Mat image;
  sample.image.convertTo(image, CV_32FC3);
  cv::subtract(image, cv::Scalar(mean[0], mean[1], mean[2]), image);
  cv::multiply(image, cv::Scalar(1 / std[0], 1 / std[1], 1 / std[2]), image);
  sample.image = image;
}

}  // namespace sshost::data
