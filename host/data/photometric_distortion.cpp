#include "data/photometric_distortion.h"

#include <algorithm>
#include <array>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "data/transform_type.h"

namespace sshost::data {

namespace {

constexpr int kHues = 180;  // what 8-bit HSV has

using Table = std::array<uint8_t, 256>;

Table identity() {
  Table table;
  for (int value = 0; value < 256; ++value) table[value] = static_cast<uint8_t>(value);
  return table;
}

// factor * value + offset, cut and truncated.
Table linear(double factor, double offset) {
  Table table;
  for (int value = 0; value < 256; ++value) {
    const float changed = static_cast<float>(value) * static_cast<float>(factor) + static_cast<float>(offset);
    table[value] = static_cast<uint8_t>(std::clamp(changed, 0.0F, 255.0F));
  }
  return table;
}

Table turned_hue(int by) {
  Table table = identity();
  for (int hue = 0; hue < kHues; ++hue) table[hue] = static_cast<uint8_t>((hue + by + kHues) % kHues);
  return table;
}

// Each pixel's channel c through tables[c].
void look_up(cv::Mat& image, const std::array<Table, 3>& tables) {
  cv::Mat table(1, 256, CV_8UC3);
  for (int value = 0; value < 256; ++value) {
    table.at<cv::Vec3b>(value) = {tables[0][value], tables[1][value], tables[2][value]};
  }
  cv::Mat changed;
  cv::LUT(image, table, changed);
  image = changed;
}

// The published recipes read their images as BGR and convert them as if they were RGB; here they are RGB, so the codes
// are swapped to give the same. It matters for the hue alone, which turns the other way round.
void look_up_hsv(cv::Mat& image, const std::array<Table, 3>& tables) {
  cv::Mat hsv;
  cv::cvtColor(image, hsv, cv::COLOR_BGR2HSV);
  look_up(hsv, tables);
  cv::cvtColor(hsv, image, cv::COLOR_HSV2BGR);
}

double uniform(Random& random, std::pair<double, double> range) {
  return range.first + random.uniform() * (range.second - range.first);
}

}  // namespace

void PhotometricDistortion::apply(Sample& sample, Random& random) const {
  if (sample.image.type() != CV_8UC3) {
    throw Error("photometric_distortion works on images of 8 bits; put it before normalize");
  }
  cv::Mat image = sample.image.clone();
  change_brightness(image, random);
  const bool contrast_first = random.coin(0.5);
  if (contrast_first) change_contrast(image, random);
  change_saturation(image, random);
  change_hue(image, random);
  if (!contrast_first) change_contrast(image, random);
  sample.image = image;
}

void PhotometricDistortion::change_brightness(cv::Mat& image, Random& random) const {
  if (!random.coin(0.5)) return;
  const Table table = linear(1, uniform(random, {-options_.brightness_delta, options_.brightness_delta}));
  look_up(image, {table, table, table});
}

void PhotometricDistortion::change_contrast(cv::Mat& image, Random& random) const {
  if (!random.coin(0.5)) return;
  const Table table = linear(uniform(random, options_.contrast_range), 0);
  look_up(image, {table, table, table});
}

void PhotometricDistortion::change_saturation(cv::Mat& image, Random& random) const {
  if (!random.coin(0.5)) return;
  look_up_hsv(image, {identity(), linear(uniform(random, options_.saturation_range), 0), identity()});
}

void PhotometricDistortion::change_hue(cv::Mat& image, Random& random) const {
  if (!random.coin(0.5) || options_.hue_delta == 0) return;
  const auto by = static_cast<int>(random.below(2 * options_.hue_delta)) - options_.hue_delta;
  look_up_hsv(image, {turned_hue(by), identity(), identity()});
}

namespace {

const config::Section<PhotometricDistortionOptions>& section() {
  using Options = PhotometricDistortionOptions;
  static const config::Section<Options> section(
      {{config::key("brightness_delta", "added: a number of [-this, this], of 255").between(0, 255),
        &Options::brightness_delta},
       {config::key("contrast_range", "[lowest, highest] factor of all values, before or behind the others")
            .list(2)
            .at_least(0),
        &Options::contrast_range},
       {config::key("saturation_range", "[lowest, highest] factor of the saturation").list(2).at_least(0),
        &Options::saturation_range},
       {config::key("hue_delta", "added to the hue: a whole number of [-this, this), of 180").between(0, 90),
        &Options::hue_delta}});
  return section;
}

void check(const ss_options_object& options, const std::string& path, config::Problems& problems) {
  for (const char* key : {"contrast_range", "saturation_range"}) check_range(options, key, path, problems);
}

void check_channels(const ss_options_object&, int64_t channels, const config::Node& item, config::Problems& problems) {
  if (channels == 3) return;
  problems.error(item.place, config::join_path(item.key_path, "type"),
                 "expected another transform: photometric_distortion changes red, green and blue, data.channels is " +
                     std::to_string(channels));
}

}  // namespace

const TransformType& photometric_distortion_transform() {
  static const TransformType type{
      {.name = "photometric_distortion",
       .text = "changes brightness, contrast, saturation and hue, each for every second image; before normalize",
       .schema = section().schema(),
       .check = check,
       .check_channels = check_channels},
      [](const ss_options_object& options, const DatasetInfo&) {
        return std::unique_ptr<const Transform>(new PhotometricDistortion(section().read(options)));
      }};
  return type;
}

}  // namespace sshost::data
