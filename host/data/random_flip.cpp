#include "data/random_flip.h"

#include "data/label_set.h"
#include "data/transform_type.h"

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
  if (classes == 0) return;
  for (int row = 0; row < label.rows; ++row) {
    auto* values = label.ptr<int32_t>(row);
    for (int column = 0; column < label.cols; ++column) {
      const int32_t value = values[column];
      if (options_.labels_are_sets && value > 0) {
        values[column] = renumbered(value, options_.mirrored);
      } else if (value >= 0 && value < classes) {
        values[column] = options_.mirrored[value];
      }
    }
  }
}

namespace {

const config::Section<RandomFlipOptions>& section() {
  static const config::Section<RandomFlipOptions> section(
      {{config::key("probability", "how often").between(0, 1), &RandomFlipOptions::probability}});
  return section;
}

std::unique_ptr<const Transform> make(const ss_options_object& map, const DatasetInfo& info) {
  RandomFlipOptions options = section().read(map);
  for (const Class& each : info.classes) options.mirrored.push_back(static_cast<int32_t>(each.mirrored));
  options.labels_are_sets = info.labels_are_sets;
  return std::make_unique<RandomFlip>(std::move(options));
}

}  // namespace

const TransformType& random_flip_transform() {
  static const TransformType type{{.name = "random_flip",
                                   .text = "mirrors left and right, with the data set's pairs of classes",
                                   .schema = section().schema()},
                                  make};
  return type;
}

}  // namespace sshost::data
