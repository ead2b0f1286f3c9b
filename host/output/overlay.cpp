#include "output/overlay.h"

#include "data/drawn_classes.h"
#include "data/palette.h"
#include "output/mask_image.h"

namespace sshost::output {
namespace {

constexpr double kOpacity = 0.5;

std::vector<bool> all_but_background(const std::vector<data::Class>& classes) {
  std::vector<bool> drawn;
  for (const data::Class& entry : classes) drawn.push_back(!data::is_background(entry.name));
  return drawn;
}

cv::Vec3b mix(const cv::Vec3b& image, const cv::Vec3b& color) {
  cv::Vec3b mixed;
  for (int c = 0; c < 3; ++c) mixed[c] = cv::saturate_cast<uint8_t>((1 - kOpacity) * image[c] + kOpacity * color[c]);
  return mixed;
}

}  // namespace

Overlay::Overlay(std::vector<data::Class> classes, int64_t width)
    : classes_(data::drawn_classes(std::move(classes))),
      drawn_(all_but_background(classes_)),
      contours_(drawn_, image::Contours::thickness_for(width)) {}

cv::Vec3b Overlay::color_of(int label) const {
  if (label < 0 || static_cast<size_t>(label) >= classes_.size()) return {};
  const auto& color = classes_[static_cast<size_t>(label)].color;
  return {color[0], color[1], color[2]};
}

bool Overlay::is_clear(int label) const {
  if (label < 0) return true;  // of no class
  return static_cast<size_t>(label) < drawn_.size() && !drawn_[static_cast<size_t>(label)];
}

cv::Mat Overlay::next(const cv::Mat& image, const at::Tensor& classes) {
  const cv::Mat labels = class_mat(classes);
  const cv::Mat outlines = contours_.next(labels);
  cv::Mat drawn = image.clone();
  for (int y = 0; y < drawn.rows; ++y) {
    auto* pixels = drawn.ptr<cv::Vec3b>(y);
    for (int x = 0; x < drawn.cols; ++x) {
      const int label = labels.at<int>(y, x), outline = outlines.at<int>(y, x);
      if (outline >= 0) {
        pixels[x] = color_of(outline);
      } else if (!is_clear(label)) {
        pixels[x] = mix(pixels[x], color_of(label));
      }
    }
  }
  return drawn;
}

cv::Mat overlay_mask(const cv::Mat& image, const at::Tensor& classes, const std::vector<data::Class>& palette) {
  return Overlay(palette, image.cols).next(image, classes);
}

}  // namespace sshost::output
