#include "base/foreign_json.h"

#include <nlohmann/json.hpp>

#include "base/error.h"

namespace sshost {
namespace {

constexpr int kDeepest = 32;
constexpr size_t kLongestShown = 100;

}  // namespace

nlohmann::json parse_foreign_json(std::string_view text) try {
  return nlohmann::json::parse(text, [](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kDeepest) throw Error("it nests deeper than " + std::to_string(kDeepest) + " levels");
    return true;
  });
} catch (const nlohmann::json::exception& error) {
  throw Error(error.what());
}

std::string shown(const nlohmann::json& value) {
  if (value.is_array()) return "a list";
  return value.is_object() ? "a map" : value.dump().substr(0, kLongestShown);
}

}  // namespace sshost
