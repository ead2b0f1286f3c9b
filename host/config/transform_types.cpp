#include <array>
#include <utility>
#include <vector>

#include "config/host_types.h"
#include "config/node.h"

namespace sshost::config {

namespace {

void check_range(const ss_options_object& options, const std::string& key, const std::string& path,
                 Problems& problems) {
  const ss_options_object& range = options.at(key);
  if (range.is_null()) return;
  if (range.children.size() != 2) {
    problems.error(
        range.place, join_path(path, key),
        "expected [lowest, highest], found a list of " + std::to_string(range.children.size()) + " elements");
  } else if (range.children[0].real > range.children[1].real) {
    problems.error(range.place, join_path(path, key), "the lowest factor is above the highest");
  }
}

void check_resize(const ss_options_object& options, const std::string& path, Problems& problems) {
  check_range(options, "scale_range", path, problems);
}

void check_photometric_distortion(const ss_options_object& options, const std::string& path, Problems& problems) {
  for (const char* key : {"contrast_range", "saturation_range"}) check_range(options, key, path, problems);
}

HostType resize() {
  return {
      "resize", "resizes image (bilinear) and label (nearest)",
      Schema({size("size", ListOrder::kWidthHeight,
                   "in pixels; with keep_ratio the image fits into it either way up, without it gets this very size")
                  .required(),
              boolean("keep_ratio", "true", "keep the ratio of the sides"),
              real("scale_range", "", "[lowest, highest] factor of size, drawn uniformly for every image; null: 1")
                  .list(2)
                  .nullable()
                  .between(0.01, 100)}),
      check_resize};
}

HostType random_crop() {
  return {
      "random_crop", "cuts out a random window",
      Schema({size("size", ListOrder::kHeightWidth, "in pixels; an image that is smaller keeps its side").required(),
              real("max_class_ratio", "0.75",
                   "draw again, up to ten times, while one class covers this share of the window's valid pixels; "
                   "1: take the first")
                  .between(0, 1)}),
      nullptr};
}

HostType random_flip() {
  return {"random_flip", "mirrors left and right, with the data set's pairs of classes",
          Schema({real("probability", "0.5", "how often").between(0, 1)}), nullptr};
}

HostType random_rotation() {
  return {"random_rotation", "turns around the middle: the image bicubically with 0 around it, the label with ignored",
          Schema({real("probability", "0.6", "how often").between(0, 1),
                  integer("max_angle", "30",
                          "a whole number of degrees is drawn from [-max_angle, max_angle), counter-clockwise")
                      .between(0, 180)}),
          nullptr};
}

HostType photometric_distortion() {
  return {
      "photometric_distortion",
      "changes brightness, contrast, saturation and hue, each for every second image; before normalize",
      Schema(
          {real("brightness_delta", "32", "added: a number of [-this, this], of 255").between(0, 255),
           real("contrast_range", "[0.5, 1.5]", "[lowest, highest] factor of all values, before or behind the others")
               .list(2)
               .at_least(0),
           real("saturation_range", "[0.5, 1.5]", "[lowest, highest] factor of the saturation").list(2).at_least(0),
           integer("hue_delta", "18", "added to the hue: a whole number of [-this, this), of 180").between(0, 90)}),
      check_photometric_distortion};
}

HostType normalize() {
  return {"normalize", "(value - mean) / std for each channel",
          Schema({real("mean", "[123.675, 116.28, 103.53]",
                       "of each channel, red, green, blue where data.channels is 3; of values as they are stored")
                      .list(1),
                  real("std", "[58.395, 57.12, 57.375]", "likewise").list(1).at_least(1e-6)}),
          nullptr};
}

HostType pad() {
  return {"pad", "pads to a size, centred, with 0 and the ignored label; what is larger is cut, centred",
          Schema({size("size", ListOrder::kHeightWidth, "in pixels").required()}), nullptr};
}

}  // namespace

std::span<const HostType> transform_types() {
  static const std::array<HostType, 7> types{
      resize(), random_crop(), random_flip(), random_rotation(), photometric_distortion(), normalize(), pad()};
  return types;
}

}  // namespace sshost::config
