#include "data/normalize.h"

#include <string>

#include "base/error.h"
#include "data/channel_groups.h"
#include "data/transform_type.h"

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

namespace {

const config::Section<NormalizeOptions>& section() {
  static const config::Section<NormalizeOptions> section(
      {{config::key("mean", "of each channel, red, green, blue where data.channels is 3; of values as they are stored")
            .list(1),
        &NormalizeOptions::mean},
       {config::key("std", "likewise").list(1).at_least(1e-6), &NormalizeOptions::std}});
  return section;
}

void check_channels(const ss_options_object& options, int64_t channels, const config::Node& item,
                    config::Problems& problems) {
  for (const char* key : {"mean", "std"}) {
    const ss_options_object& values = options.at(key);
    if (static_cast<int64_t>(values.children.size()) == channels) continue;
    problems.error(
        values.place.line == 0 ? item.place : values.place, config::join_path(item.key_path, key),
        (channels == 3 ? std::string("expected [red, green, blue]")
                       : "expected " + std::to_string(channels) + " numbers, one for each of data.channels") +
            ", found " + std::to_string(values.children.size()));
  }
}

}  // namespace

const TransformType& normalize_transform() {
  static const TransformType type{{.name = "normalize",
                                   .text = "(value - mean) / std for each channel",
                                   .schema = section().schema(),
                                   .evaluates = true,
                                   .check_channels = check_channels},
                                  [](const ss_options_object& options, const DatasetInfo&) {
                                    return std::unique_ptr<const Transform>(new Normalize(section().read(options)));
                                  }};
  return type;
}

}  // namespace sshost::data
