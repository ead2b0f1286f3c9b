#include "data/class_lists.h"

#include <algorithm>

#include "config/scalar.h"

namespace sshost::data {

namespace {

std::string flow_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(config::flow_yaml(name));
  return "[" + text + "]";
}

std::string shown(const ClassList& list) {
  constexpr size_t kMost = 30;
  std::vector<std::string> names = list.names;
  const bool is_long = names.size() > kMost;
  if (is_long) names.resize(kMost);
  return std::to_string(list.names.size()) + " classes in " + list.split + ", " + flow_list(names) +
         (is_long ? " and so on" : "");
}

}  // namespace

std::optional<std::string> difference(const ClassList& one, const ClassList& other) {
  if (one.names == other.names) return std::nullopt;
  return "the splits differ in their classes: " + shown(one) + "; " + shown(other) +
         ". One list for both: data: {dataset: {classes: " + flow_list(one_list(one, other)) + "}}";
}

std::vector<std::string> one_list(const ClassList& one, const ClassList& other) {
  std::vector<std::string> names = one.names;
  for (const std::string& name : other.names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

}  // namespace sshost::data
