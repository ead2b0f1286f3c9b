#include "data/resize.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "data/channel_groups.h"
#include "data/transform_type.h"

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

namespace {

const config::Section<ResizeOptions>& section() {
  static const config::Section<ResizeOptions> section(
      {{config::size("size", config::ListOrder::kWidthHeight,
                     "in pixels; with keep_ratio the image fits into it either way up, without it gets this very size")
            .required(),
        &ResizeOptions::size},
       {config::key("keep_ratio", "keep the ratio of the sides"), &ResizeOptions::keep_ratio},
       {config::key("scale_range", "[lowest, highest] factor of size, drawn uniformly for every image; null: 1")
            .list(2)
            .between(0.01, 100),
        &ResizeOptions::scale_range}});
  return section;
}

void check(const ss_options_object& options, const std::string& path, config::Problems& problems) {
  check_range(options, "scale_range", path, problems);
}

void check_evaluated(const ss_options_object& options, const std::string& path, config::Problems& problems) {
  const ss_options_object& range = options.at("scale_range");
  if (range.is_null()) return;
  problems.error(range.place, config::join_path(path, "scale_range"),
                 "expected none: what is evaluated is not drawn; several scales are evaluate.scales");
}

}  // namespace

const TransformType& resize_transform() {
  static const TransformType type{{.name = "resize",
                                   .text = "resizes image (bilinear) and label (nearest)",
                                   .schema = section().schema(),
                                   .check = check,
                                   .evaluates = true,
                                   .check_evaluated = check_evaluated},
                                  [](const ss_options_object& options, const DatasetInfo&) {
                                    return std::unique_ptr<const Transform>(new Resize(section().read(options)));
                                  }};
  return type;
}

}  // namespace sshost::data
