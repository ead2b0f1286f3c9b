#include "model/loss_settings.h"

#include <map>

#include "config/phrase.h"
#include "config/scalar.h"
#include "config/typed.h"

namespace sshost::test {
namespace {

std::string list_of(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + config::format_double(value);
  return values.empty() ? "null" : "[" + text + "]";
}

std::string map_of(const std::optional<HardPixels>& pixels) {
  if (!pixels) return "null";
  return "{threshold: " + config::format_double(pixels->threshold) + ", min_kept: " + std::to_string(pixels->min_kept) +
         "}";
}

std::map<std::string, std::string> options_of(const LossSettings& settings) {
  return {{"weight", config::format_double(settings.weight)},
          {"class_weights", list_of(settings.class_weights)},
          {"hard_pixels", map_of(settings.hard_pixels)},
          {"gamma", config::format_double(settings.gamma)},
          {"smoothing", config::format_double(settings.smoothing)},
          {"smooth", config::format_double(settings.smooth)},
          {"per_image", settings.per_image ? "true" : "false"},
          {"positive_weights", list_of(settings.positive_weights)},
          {"false_positives", config::format_double(settings.false_positives)},
          {"false_negatives", config::format_double(settings.false_negatives)}};
}

}  // namespace

config::LossConfig loss_config(const LossSettings& settings) {
  const auto all = options_of(settings);
  std::string yaml;
  for (const model::LossType* type : model::loss_types()) {
    if (type->host.name != settings.type) continue;
    for (const std::string& key : config::names_of(type->host.schema.abi())) {
      yaml += (yaml.empty() ? "{" : ", ") + key + ": " + all.at(key);
    }
  }
  if (yaml.empty()) return {.type = settings.type};
  return {.type = settings.type, .options = config::typed(model::loss_types(), settings.type, yaml + "}").options};
}

}  // namespace sshost::test
