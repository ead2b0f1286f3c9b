#include "data/random_rotation.h"

#include <opencv2/imgproc.hpp>

#include "data/channel_groups.h"
#include "data/transform_type.h"

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

namespace {

const config::Section<RandomRotationOptions>& section() {
  static const config::Section<RandomRotationOptions> section(
      {{config::key("probability", "how often").between(0, 1), &RandomRotationOptions::probability},
       {config::key("max_angle", "a whole number of degrees is drawn from [-max_angle, max_angle), counter-clockwise")
            .between(0, 180),
        &RandomRotationOptions::max_angle}});
  return section;
}

std::unique_ptr<const Transform> make(const ss_options_object& map, const DatasetInfo& info) {
  RandomRotationOptions options = section().read(map);
  options.ignore_index = info.ignore_index;
  return std::make_unique<RandomRotation>(options);
}

}  // namespace

const TransformType& random_rotation_transform() {
  static const TransformType type{
      {.name = "random_rotation",
       .text = "turns around the middle: the image bicubically with 0 around it, the label with ignored",
       .schema = section().schema()},
      make};
  return type;
}

}  // namespace sshost::data
