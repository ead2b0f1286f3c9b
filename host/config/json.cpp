#include "config/json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "config/phrase.h"

namespace sshost::config {
namespace {

using nlohmann::json;

const char* kind_name(ss_option_kind kind) {
  switch (kind) {
    case SS_OPTION_BOOL:
      return "boolean";
    case SS_OPTION_INT:
      return "integer";
    case SS_OPTION_DOUBLE:
      return "number";
    case SS_OPTION_PATH:
      return "path";
    case SS_OPTION_STRUCT:
      return "map";
    default:
      return "string";
  }
}

const char* shape_name(ss_option_shape shape) {
  if (shape == SS_OPTION_LIST) return "list";
  return shape == SS_OPTION_MAP ? "map" : "scalar";
}

json bound(double value) { return std::isfinite(value) ? json(value) : json(); }

json option_to_json(const ss_option& option) {
  return {{"name", view(option.name)},
          {"kind", kind_name(option.kind)},
          {"shape", shape_name(option.shape)},
          {"required", has_flag(option, SS_OPTION_REQUIRED)},
          {"nullable", has_flag(option, SS_OPTION_NULLABLE)},
          {"default", option.default_value.size == 0 ? json() : json(view(option.default_value))},
          {"minimum", bound(option.minimum)},
          {"maximum", bound(option.maximum)},
          {"choices", choices_of(option)},
          {"text", view(option.text)},
          {"options", option.fields == nullptr ? json::array() : schema_to_json(*option.fields)}};
}

}  // namespace

json value_to_json(const ss_options_object& value) {
  using Kind = ss_options_object::Kind;
  switch (value.kind) {
    case Kind::kNull:
      return {};
    case Kind::kBool:
      return value.boolean;
    case Kind::kInteger:
      return value.integer;
    case Kind::kDouble:
      return value.real;
    case Kind::kString:
      return value.text;
    default:
      break;
  }
  json whole = value.kind == Kind::kMap ? json::object() : json::array();
  for (size_t i = 0; i < value.children.size(); ++i) {
    if (value.kind == Kind::kMap) {
      whole[value.keys[i]] = value_to_json(value.children[i]);
    } else {
      whole.push_back(value_to_json(value.children[i]));
    }
  }
  return whole;
}

json schema_to_json(const ss_schema& schema) {
  json options = json::array();
  for (const ss_option* option : options_of(schema)) options.push_back(option_to_json(*option));
  return options;
}

json problem_to_json(const Problem& problem) {
  const auto known = [](int number) { return number > 0 ? json(number) : json(); };
  return {{"file", problem.place.file.empty() ? json() : json(problem.place.file.text())},
          {"line", known(problem.place.line)},
          {"column", known(problem.place.column)},
          {"key", problem.key_path.empty() ? json() : json(problem.key_path)},
          {"message", problem.message}};
}

}  // namespace sshost::config
