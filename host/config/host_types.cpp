#include "config/host_types.h"

#include <array>
#include <utility>
#include <vector>

#include "config/node.h"

namespace sshost::config {

namespace {

void expect_length(const ss_options_object& list, std::size_t length, const std::string& what, const std::string& path,
                   Problems& problems) {
  if (list.is_null() || list.children.size() == length) return;
  problems.error(list.place, path,
                 "expected " + what + ", found a list of " + std::to_string(list.children.size()) + " elements");
}

void check_resize(const ss_options_object& options, const std::string& path, Problems& problems) {
  expect_length(options.at("size"), 2, "[width, height]", join_path(path, "size"), problems);
  const ss_options_object& range = options.at("scale_range");
  expect_length(range, 2, "[lowest, highest]", join_path(path, "scale_range"), problems);
  if (range.children.size() == 2 && range.children[0].real > range.children[1].real) {
    problems.error(range.place, join_path(path, "scale_range"), "the lowest factor is above the highest");
  }
}

void check_height_width(const ss_options_object& options, const std::string& path, Problems& problems) {
  expect_length(options.at("size"), 2, "[height, width]", join_path(path, "size"), problems);
}

void check_channels(const ss_options_object& options, const std::string& path, Problems& problems) {
  for (const char* key : {"mean", "std"}) {
    expect_length(options.at(key), 3, "[red, green, blue]", join_path(path, key), problems);
  }
}

HostType resize() {
  return {"resize", "resizes image (bilinear) and label (nearest)",
          Schema({integer("size", "", "[width, height] in pixels; with keep_ratio the image fits into it either way up")
                      .list(2)
                      .required()
                      .at_least(1),
                  boolean("keep_ratio", "true", "keep the ratio of the sides"),
                  real("scale_range", "", "[lowest, highest] factor of size, drawn uniformly for every image; null: 1")
                      .list(2)
                      .nullable()
                      .between(0.01, 100)}),
          check_resize};
}

HostType random_crop() {
  return {"random_crop", "cuts out a random window",
          Schema({integer("size", "", "[height, width] in pixels; a smaller image stays as it is")
                      .list(2)
                      .required()
                      .at_least(1),
                  real("max_class_ratio", "0.75",
                       "draw again, up to ten times, while one class covers this share of the window's valid pixels; "
                       "1: take the first")
                      .between(0, 1)}),
          check_height_width};
}

HostType random_flip() {
  return {"random_flip", "mirrors left and right, with the data set's pairs of classes",
          Schema({real("probability", "0.5", "how often").between(0, 1)}), nullptr};
}

HostType normalize() {
  return {"normalize", "(value - mean) / std for each channel",
          Schema({real("mean", "[123.675, 116.28, 103.53]", "[red, green, blue], of values from 0 to 255").list(3),
                  real("std", "[58.395, 57.12, 57.375]", "[red, green, blue]").list(3).at_least(1e-6)}),
          check_channels};
}

HostType pad() {
  return {"pad", "pads to a size, centred, with 0 and the ignored label; what is larger is cut, centred",
          Schema({integer("size", "", "[height, width] in pixels").list(2).required().at_least(1)}),
          check_height_width};
}

Option warmup() {
  return structure(
      "warmup",
      Schema(
          {string("type", "none", "how the rate rises at the beginning").one_of({"none", "constant", "linear", "exp"}),
           integer("steps", "1000", "how long it rises").at_least(0),
           real("ratio", "1e-6", "of the schedule's rate, at the first step").between(0, 1)}),
      "multiplies the schedule's rate in the first steps");
}

HostType sgd() {
  return {
      "sgd", "stochastic gradient descent with momentum",
      Schema(
          {real("lr", "0.01", "learning rate before the schedule").at_least(0),
           real("momentum", "0.9", "share of the last step's direction that is kept").between(0, 1),
           real("weight_decay", "5e-4", "L2 penalty, of norms and biases too where no rule says otherwise").at_least(0),
           boolean("nesterov", "false", "look ahead along the momentum"),
           structure("rules",
                     Schema({string("match", "", "part of a parameter's published name").required(),
                             real("lr_factor", "1", "multiplies the learning rate").at_least(0),
                             real("decay_factor", "1", "multiplies the weight decay").at_least(0)}),
                     "factors for some parameters; the longest match wins")
               .list()}),
      nullptr};
}

HostType poly() {
  return {"poly", "(lr - min_lr) (1 - step / steps)^power + min_lr",
          Schema({real("power", "0.9", "exponent of the decay").at_least(0),
                  real("min_lr", "", "rate at the end; null: a hundredth of lr").nullable().at_least(0), warmup()}),
          nullptr};
}

HostType constant() { return {"constant", "the same rate at every step", Schema({warmup()}), nullptr}; }

}  // namespace

std::span<const HostType> transform_types() {
  static const std::array<HostType, 5> types{resize(), random_crop(), random_flip(), normalize(), pad()};
  return types;
}

std::span<const HostType> optimizer_types() {
  static const std::array<HostType, 1> types{sgd()};
  return types;
}

std::span<const HostType> schedule_types() {
  static const std::array<HostType, 2> types{poly(), constant()};
  return types;
}

}  // namespace sshost::config
