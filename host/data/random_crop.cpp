#include "data/random_crop.h"

#include <algorithm>

#include "data/margin.h"

namespace sshost::data {

namespace {

constexpr int kTries = 10;

// An image that is smaller keeps its side.
cv::Size size_inside(cv::Size image, cv::Size crop) {
  return {std::min(image.width, crop.width), std::min(image.height, crop.height)};
}

cv::Rect middle(cv::Size image, cv::Size crop) {
  const cv::Size size = size_inside(image, crop);
  return {{-margin_of(image.width, size.width).before, -margin_of(image.height, size.height).before}, size};
}

cv::Rect random_place(cv::Size image, cv::Size crop, Random& random) {
  const cv::Size size = size_inside(image, crop);
  const auto top = static_cast<int>(random.below(image.height - size.height + 1));
  const auto left = static_cast<int>(random.below(image.width - size.width + 1));
  return {left, top, size.width, size.height};
}

}  // namespace

SizeRange RandomCrop::sizes(const SizeRange& of) const {
  return {size_inside(of.least, options_.size), size_inside(of.most, options_.size)};
}

RandomCrop::Verdict RandomCrop::judge(const cv::Mat& label) const {
  std::vector<int64_t> pixels(static_cast<size_t>(options_.classes), 0);
  for (int row = 0; row < label.rows; ++row) {
    const auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int64_t value = values[column];
      if (value >= 0 && value < options_.classes) ++pixels[value];
    }
  }
  int64_t valid = 0;
  int64_t largest = 0;
  for (int64_t count : pixels) {
    valid += count;
    largest = std::max(largest, count);
  }
  if (valid == 0) return Verdict::kNothingValid;
  if (options_.max_class_ratio >= 1) return Verdict::kGood;
  const bool mixed = largest < valid;
  const bool balanced = static_cast<double>(largest) < options_.max_class_ratio * static_cast<double>(valid);
  return mixed && balanced ? Verdict::kGood : Verdict::kOneSided;
}

void RandomCrop::apply(Sample& sample, Random& random) const {
  cv::Rect place = random_place(sample.image.size(), options_.size, random);
  if (!sample.label.empty()) {
    Verdict verdict = judge(sample.label(place));
    for (int tried = 1; tried < kTries && verdict != Verdict::kGood; ++tried) {
      place = random_place(sample.image.size(), options_.size, random);
      verdict = judge(sample.label(place));
    }
    if (verdict == Verdict::kNothingValid) place = middle(sample.image.size(), options_.size);
    sample.label = sample.label(place);
  }
  sample.image = sample.image(place);
}

}  // namespace sshost::data
