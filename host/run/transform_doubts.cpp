#include "run/transform_doubts.h"

#include <algorithm>
#include <string_view>

#include "config/option_value.h"

namespace sshost::run {
namespace {

using config::TransformConfig;
using Transforms = std::vector<TransformConfig>;

Transforms::const_iterator find(const Transforms& transforms, std::string_view type) {
  return std::find_if(transforms.begin(), transforms.end(), [&](const auto& each) { return each.type == type; });
}

int64_t count(const Transforms& transforms, std::string_view type) {
  return std::count_if(transforms.begin(), transforms.end(), [&](const auto& each) { return each.type == type; });
}

bool are_at_most_one(const ss_options_object& values) {
  const std::vector<double> numbers = config::doubles_of(values);
  return std::all_of(numbers.begin(), numbers.end(), [](double value) { return value <= 1; });
}

// Published for values from 0 to 1, as torchvision's are.
bool is_for_one(const TransformConfig& normalize) {
  return are_at_most_one(normalize.options->at("mean")) && are_at_most_one(normalize.options->at("std"));
}

void doubt_split(const config::SplitConfig& split, const std::string& key, bool is_rgb,
                 std::vector<std::string>& doubts) {
  const auto normalize = find(split.transforms, "normalize");
  if (split.is_default || normalize == split.transforms.end()) return;
  if (is_rgb && is_for_one(*normalize)) {
    doubts.push_back(key + ": mean and std of normalize look like those of values from 0 to 1; here values are 0 to " +
                     "255: multiply both by 255");
  }
  if (count(split.transforms, "normalize") > 1) doubts.push_back(key + ": normalize stands there more than once");
  if (find(split.transforms, "photometric_distortion") > normalize &&
      count(split.transforms, "photometric_distortion") > 0) {
    doubts.push_back(key + ": photometric_distortion stands behind normalize; it is made for values from 0 to 255");
  }
}

void doubt_difference(const config::DataConfig& data, std::vector<std::string>& doubts) {
  if (data.train.is_default || data.evaluate.is_default) return;
  const auto train = find(data.train.transforms, "normalize"), evaluate = find(data.evaluate.transforms, "normalize");
  const bool in_train = train != data.train.transforms.end(), in_evaluate = evaluate != data.evaluate.transforms.end();
  if (!in_train && !in_evaluate) return;
  const char* const way = ": a model scores well on values such as it was trained with";
  if (in_train != in_evaluate) {
    doubts.push_back(std::string("normalize stands in ") +
                     (in_train ? "data.train.transforms and not in data.evaluate.transforms"
                               : "data.evaluate.transforms and not in data.train.transforms") +
                     way);
  } else if (config::to_yaml(*train->options) != config::to_yaml(*evaluate->options)) {
    doubts.push_back(std::string("normalize has other values in data.evaluate.transforms than in "
                                 "data.train.transforms") +
                     way);
  }
}

}  // namespace

std::vector<std::string> transform_doubts(const config::Pipeline& pipeline) {
  std::vector<std::string> doubts;
  const bool is_rgb = pipeline.data.channels == 3;
  const bool trains = std::find(pipeline.run.begin(), pipeline.run.end(), "train") != pipeline.run.end();
  if (trains) doubt_split(pipeline.data.train, "data.train.transforms", is_rgb, doubts);
  doubt_split(pipeline.data.evaluate, "data.evaluate.transforms", is_rgb, doubts);
  if (trains) doubt_difference(pipeline.data, doubts);
  return doubts;
}

}  // namespace sshost::run
