#ifndef SSHOST_CONFIG_PREDICTION_FORMATS_H
#define SSHOST_CONFIG_PREDICTION_FORMATS_H

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::config {

// A format of predictions that the host has itself; data set plugins offer more (sshost/abi/submission.h).
struct PredictionFormat {
  std::string_view name;
  bool has_one_class = false;  // a number of a class for each pixel
};

inline constexpr PredictionFormat kPredictionFormats[] = {{"masks"},     {"index", true},   {"palette", true},
                                                          {"overlay"},   {"probabilities"}, {"probabilities_float16"},
                                                          {"coco", true}};

inline bool is_prediction_format(std::string_view name) {
  return std::ranges::any_of(kPredictionFormats, [&](const PredictionFormat& each) { return each.name == name; });
}

// Whether a pixel may be of several classes there; never in a layout of a data set.
inline bool has_several_classes(std::string_view format) {
  return std::ranges::any_of(kPredictionFormats,
                             [&](const PredictionFormat& each) { return each.name == format && !each.has_one_class; });
}

inline std::vector<std::string> prediction_format_names() {
  std::vector<std::string> names;
  for (const PredictionFormat& each : kPredictionFormats) names.emplace_back(each.name);
  return names;
}

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_PREDICTION_FORMATS_H
