#include "config/default_transforms.h"

#include <algorithm>
#include <utility>

#include "config/component_reader.h"
#include "config/host_type.h"
#include "config/parse_yaml.h"

namespace sshost::config {

namespace {

constexpr std::int64_t kStep = 32;          // the coarsest stride of a backbone
constexpr std::int64_t kLongestAspect = 4;  // images that are longer are brought to less

std::string square(std::int64_t side) { return to_string(Size{side, side}); }

std::string resize_to(std::int64_t shorter_side, const std::string& more) {
  const std::int64_t side = std::min(shorter_side, kDefaultShorterSide);
  return "{type: resize, size: " + to_string(Size{side, kLongestAspect * side}) + more + "}";
}

void set_transforms(Pipeline& pipeline, const HostTypes& types, const char* split, SplitConfig& config,
                    const std::string& yaml) {
  Problems problems;
  const SchemaSource no_plugins;
  ComponentReader reader(no_plugins, types, problems);
  const std::string path = std::string("data.") + split + ".transforms";
  std::vector<ss_options_object> resolved;
  config.transforms.clear();
  for (const Node& item : parse_yaml(yaml, pipeline.written.place.file, path, problems).items) {
    auto read = reader.host_type(item, types.transforms, "transform");
    config.transforms.push_back(std::move(read.config));
    resolved.push_back(std::move(read.resolved));
  }
  problems.throw_if_any();
  pipeline.resolved.at("data").at(split).set("transforms", make_list(std::move(resolved)));
}

}  // namespace

std::int64_t default_crop(std::int64_t shorter_side) {
  return std::max(kStep, std::min(shorter_side, kDefaultShorterSide) / kStep * kStep);
}

std::string default_train_transforms(std::int64_t shorter_side) {
  const std::string crop = square(default_crop(shorter_side));
  return "[" + resize_to(shorter_side, ", scale_range: [0.5, 2]") + ", {type: random_crop, size: " + crop +
         "}, {type: random_flip}, {type: photometric_distortion}, {type: normalize}, {type: pad, size: " + crop + "}]";
}

std::string default_evaluate_transforms(std::int64_t shorter_side, bool resizes) {
  return "[" + (resizes ? resize_to(shorter_side, "") + ", " : "") + "{type: normalize}]";
}

void fit_default_transforms(Pipeline& pipeline, const HostTypes& types, std::int64_t shorter_side, bool resizes) {
  DataConfig& data = pipeline.data;
  if (!data.train.is_default) return;
  set_transforms(pipeline, types, "train", data.train, default_train_transforms(shorter_side));
  if (!data.evaluate.is_default) return;
  set_transforms(pipeline, types, "evaluate", data.evaluate, default_evaluate_transforms(shorter_side, resizes));
}

}  // namespace sshost::config
