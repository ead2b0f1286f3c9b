#include "data/transform_list.h"

#include <algorithm>
#include <memory>
#include <stdexcept>

#include "config/option_value.h"
#include "data/normalize.h"
#include "data/pad.h"
#include "data/photometric_distortion.h"
#include "data/random_crop.h"
#include "data/random_flip.h"
#include "data/random_rotation.h"
#include "data/resize.h"
#include "data/scale_check.h"

namespace sshost::data {

namespace {

using Made = std::unique_ptr<const Transform>;

cv::Size size_of(const ss_options_object& options) {
  const config::Size size = config::size_of(options.at("size"));
  return {static_cast<int>(size.width), static_cast<int>(size.height)};
}

std::pair<double, double> range_of(const ss_options_object& list) {
  const std::vector<double> values = config::doubles_of(list);
  return {values.at(0), values.at(1)};
}

Made make_resize(const ss_options_object& options) {
  ResizeOptions made{size_of(options), options.at("keep_ratio").boolean, std::nullopt};
  if (const ss_options_object& range = options.at("scale_range"); !range.is_null()) made.scale_range = range_of(range);
  return std::make_unique<Resize>(made);
}

Made make_random_crop(const ss_options_object& options, const DatasetInfo& info) {
  const auto classes = static_cast<int64_t>(info.classes.size());
  return std::make_unique<RandomCrop>(RandomCropOptions{size_of(options), options.at("max_class_ratio").real, classes});
}

Made make_random_flip(const ss_options_object& options, const DatasetInfo& info) {
  RandomFlipOptions made{options.at("probability").real, {}};
  for (const Class& each : info.classes) made.mirrored.push_back(static_cast<int32_t>(each.mirrored));
  return std::make_unique<RandomFlip>(std::move(made));
}

Made make_random_rotation(const ss_options_object& options, const DatasetInfo& info) {
  return std::make_unique<RandomRotation>(RandomRotationOptions{
      options.at("probability").real, static_cast<int>(options.at("max_angle").integer), info.ignore_index});
}

Made make_photometric_distortion(const ss_options_object& options) {
  return std::make_unique<PhotometricDistortion>(PhotometricDistortionOptions{
      options.at("brightness_delta").real, range_of(options.at("contrast_range")),
      range_of(options.at("saturation_range")), static_cast<int>(options.at("hue_delta").integer)});
}

Made make_normalize(const ss_options_object& options) {
  return std::make_unique<Normalize>(
      NormalizeOptions{config::doubles_of(options.at("mean")), config::doubles_of(options.at("std"))});
}

Made make_pad(const ss_options_object& options, const DatasetInfo& info) {
  return std::make_unique<Pad>(PadOptions{size_of(options), info.ignore_index});
}

Made make(const config::TransformConfig& config, const DatasetInfo& info) {
  const ss_options_object& options = *config.options;
  if (config.type == "resize") return make_resize(options);
  if (config.type == "random_crop") return make_random_crop(options, info);
  if (config.type == "random_flip") return make_random_flip(options, info);
  if (config.type == "random_rotation") return make_random_rotation(options, info);
  if (config.type == "photometric_distortion") return make_photometric_distortion(options);
  if (config.type == "normalize") return make_normalize(options);
  if (config.type == "pad") return make_pad(options, info);
  throw std::logic_error("transform " + config.type + " is in the schema and not here");
}

}  // namespace

TransformList make_transforms(const std::vector<config::TransformConfig>& configs, const DatasetInfo& info) {
  TransformList transforms;
  for (const config::TransformConfig& config : configs) transforms.push_back(make(config, info));
  return transforms;
}

TransformList make_evaluation_transforms(const config::Pipeline& pipeline, const DatasetInfo& info) {
  TransformList transforms = make_transforms(pipeline.data.evaluate.transforms, info);
  const std::vector<double>& scales = pipeline.evaluate.scales;
  transforms.push_back(std::make_unique<ScaleCheck>(*std::min_element(scales.begin(), scales.end())));
  return transforms;
}

}  // namespace sshost::data
