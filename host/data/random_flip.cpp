#include "data/random_flip.h"

namespace sshost::data {

void RandomFlip::apply(Sample& sample, Random& random) const {
  if (!random.coin(options_.probability)) return;
  cv::Mat image;
  cv::flip(sample.image, image, 1);
  sample.image = image;
  if (sample.label.empty()) return;

  cv::Mat label;
  cv::flip(sample.label, label, 1);
  sample.label = label;
  const auto classes = static_cast<int32_t>(options_.mirrored.size());
  for (int row = 0; row < label.rows; ++row) {
    auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int32_t value = values[column];
      if (value >= 0 && value < classes) values[column] = options_.mirrored[value];
    }
  }
}

}  // namespace sshost::data
