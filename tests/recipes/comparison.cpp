#include "recipes/comparison.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace sshost::recipes {
namespace {

bool same_items(const Json& one, const Json& other) {
  return one.size() == other.size() && std::equal(one.begin(), one.end(), other.begin(), same);
}

// "model.auxiliary.0.channels" -> "/model/auxiliary/0/channels".
Json::json_pointer pointer_of(const std::string& key) {
  std::string path = "/" + key;
  std::replace(path.begin(), path.end(), '.', '/');
  return Json::json_pointer(path);
}

}  // namespace

bool same(const Json& one, const Json& other) {
  if (one.is_array() && other.is_array()) return same_items(one, other);
  if (!one.is_number() || !other.is_number()) return one == other;
  const double a = one.get<double>();
  const double b = other.get<double>();
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

Json Comparison::ours(const std::string& key) const {
  const Json::json_pointer pointer = pointer_of(key);
  return pipeline_.contains(pointer) ? pipeline_.at(pointer) : Json();
}

void Comparison::expect(const std::string& path, const Json& found, const std::string& where) {
  const Json expected = recipe_.take(path);
  if (same(expected, found)) return;
  std::ostringstream line;
  line << path << ": the recipe says " << expected << ", the pipeline " << found << " (" << where << ")";
  differences_.push_back(line.str());
}

void Comparison::equal(const std::string& path, const std::string& key) { follows(path, ours(key), key); }

void Comparison::equal_or(const std::string& path, const std::string& key, const Json& unnamed) {
  if (recipe_.has(path)) return equal(path, key);
  if (same(unnamed, ours(key))) return;
  std::ostringstream line;
  line << path << ": the recipe does not name it and means " << unnamed << ", the pipeline says " << ours(key) << " ("
       << key << ")";
  differences_.push_back(line.str());
}

void Comparison::follows(const std::string& path, const Json& value, const std::string& from) {
  if (recipe_.has(path)) return expect(path, value, from);
  differences_.push_back(path + ": expected in the recipe, but it is not there");
}

void Comparison::always(const std::string& path, const Json& value, const std::string& why) {
  if (recipe_.has(path)) expect(path, value, why);
}

void Comparison::without_meaning(const std::string& path, const std::string&) { recipe_.take(path); }

std::vector<std::string> Comparison::problems() const {
  std::vector<std::string> lines = differences_;
  for (const std::string& path : recipe_.left()) lines.push_back(path + ": compared with nothing");
  return lines;
}

}  // namespace sshost::recipes
