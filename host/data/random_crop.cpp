#include "data/random_crop.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "data/margin.h"
#include "data/transform_type.h"

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

struct ValidPixels {
  int64_t all = 0;
  int64_t of_largest = 0;  // the label that most of them have
};

// Labels that are sets are few of very many.
template <typename Counts>
ValidPixels count_in(const cv::Mat& label, int64_t end, Counts pixels) {
  ValidPixels valid;
  for (int row = 0; row < label.rows; ++row) {
    const auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int64_t value = values[column];
      if (value < 0 || value >= end) continue;
      ++valid.all;
      valid.of_largest = std::max(valid.of_largest, ++pixels[static_cast<size_t>(value)]);
    }
  }
  return valid;
}

ValidPixels count(const cv::Mat& label, int64_t end) {
  constexpr int64_t kFew = 1 << 12;
  if (end > kFew) return count_in(label, end, std::unordered_map<size_t, int64_t>());
  return count_in(label, end, std::vector<int64_t>(static_cast<size_t>(end), 0));
}

}  // namespace

SizeRange RandomCrop::sizes(const SizeRange& of) const {
  return {size_inside(of.least, options_.size), size_inside(of.most, options_.size)};
}

RandomCrop::Verdict RandomCrop::judge(const cv::Mat& label) const {
  const auto [valid, largest] = count(label, options_.label_end);
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

namespace {

const config::Section<RandomCropOptions>& section() {
  static const config::Section<RandomCropOptions> section(
      {{config::size("size", config::ListOrder::kHeightWidth, "in pixels; an image that is smaller keeps its side")
            .required(),
        &RandomCropOptions::size},
       {config::key("max_class_ratio",
                    "draw again, up to ten times, while one class covers this share of the window's valid pixels; "
                    "1: take the first")
            .between(0, 1),
        &RandomCropOptions::max_class_ratio}});
  return section;
}

std::unique_ptr<const Transform> make(const ss_options_object& map, const DatasetInfo& info) {
  RandomCropOptions options = section().read(map);
  options.label_end = info.label_end();
  return std::make_unique<RandomCrop>(options);
}

}  // namespace

const TransformType& random_crop_transform() {
  static const TransformType type{
      {.name = "random_crop", .text = "cuts out a random window", .schema = section().schema()}, make};
  return type;
}

}  // namespace sshost::data
