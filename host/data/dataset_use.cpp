#include "data/dataset_use.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <optional>
#include <utility>

namespace sshost::data {
namespace {

using config::make_bool;
using config::make_map;
using config::make_string;
using Value = ss_options_object;

// On one line. Of numbers, and maps and words of them.
std::string flow(const Value& value) {
  if (value.kind == Value::Kind::kInteger) return std::to_string(value.integer);
  if (value.kind == Value::Kind::kBool) return value.boolean ? "true" : "false";
  if (value.kind != Value::Kind::kMap) return value.text;
  std::string text = "{";
  for (size_t i = 0; i < value.keys.size(); ++i) {
    text.append(i == 0 ? "" : ", ").append(value.keys[i]).append(": ").append(flow(value.children[i]));
  }
  return text + "}";
}

// As the value of data.dataset, a key a line.
std::string block(const Value& dataset) {
  Value data = make_map();
  data.set("dataset", dataset);
  Value pipeline = make_map();
  pipeline.set("data", data);
  std::string yaml = config::to_yaml(pipeline);
  yaml.pop_back();  // the end of the last line
  return yaml;
}

std::string hex(uint32_t rgb) {
  char text[8];
  std::snprintf(text, sizeof(text), "#%06x", rgb & 0xffffffU);
  return text;
}

std::string lower(std::string text) {
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}

// What the pipeline's file says itself.
Value without_defaults(const Value& value) {
  if (value.kind != Value::Kind::kMap && value.kind != Value::Kind::kList) return value;
  Value given = value;
  given.children.clear();
  given.keys.clear();
  for (size_t i = 0; i < value.children.size(); ++i) {
    const config::Place& place = value.children[i].place;
    if (place.line == 0 && !config::is_override(place)) continue;
    given.children.push_back(without_defaults(value.children[i]));
    if (!value.keys.empty()) given.keys.push_back(value.keys[i]);
  }
  return given;
}

bool holds(const std::vector<std::string>& colors, const std::optional<std::string>& color) {
  return color && std::find(colors.begin(), colors.end(), *color) != colors.end();
}

// Each class's own colour, if any class has one of `found`; the others get what is left of these in order, and, behind
// them, colours that nothing has.
std::vector<std::string> assigned(std::vector<std::optional<std::string>> own, const std::vector<std::string>& found) {
  const bool fit = std::any_of(own.begin(), own.end(), [&](const auto& color) { return holds(found, color); });
  if (!fit) own.assign(own.size(), std::nullopt);
  std::vector<std::string> left;
  for (const std::string& color : found) {
    if (std::find(own.begin(), own.end(), color) == own.end()) left.push_back(color);
  }
  std::vector<std::string> colors;
  uint32_t unused = 1;
  for (size_t i = 0, next = 0; i < own.size(); ++i) {
    while (holds(found, hex(unused)) || std::find(own.begin(), own.end(), hex(unused)) != own.end()) ++unused;
    if (own[i]) {
      colors.push_back(*own[i]);
    } else {
      colors.push_back(next < left.size() ? left[next++] : hex(unused++));
    }
  }
  return colors;
}

}  // namespace

bool DatasetUse::reads_colors() const {
  const Value* option = options_.find("label_colors");
  return option != nullptr && option->boolean;
}

bool DatasetUse::reads_stored_numbers() const {
  const Value* map = options_.find("label_map");
  return map != nullptr && map->children.empty() && !reads_colors();
}

std::string DatasetUse::correct_the_files() const {
  return "correct the files: `" + type_ +
         "` takes them as they are published; what is stored otherwise is read by `folder`, whose options say how "
         "(docs/datasets.md)";
}

std::string DatasetUse::set(const std::string& option, const Value& value) const {
  if (options_.find(option) == nullptr) return correct_the_files();
  return "data: {dataset: {" + option + ": " + flow(value) + "}}";
}

std::string DatasetUse::with_colors(const std::vector<std::string>& colors) const {
  if (options_.find("label_colors") == nullptr || options_.find("classes") == nullptr) return correct_the_files();
  Value dataset = make_map();
  dataset.set("type", make_string(type_));
  const Value given = without_defaults(options_);
  for (size_t i = 0; i < given.keys.size(); ++i) dataset.set(given.keys[i], given.children[i]);
  Value& classes = dataset.at("classes");
  std::vector<std::optional<std::string>> own;
  for (const Value& each : classes.children) {
    const Value* color = each.find("color");
    own.push_back(color == nullptr || color->is_null() ? std::nullopt : std::optional(lower(color->text)));
  }
  const std::vector<std::string> chosen = assigned(own, colors);
  for (size_t i = 0; i < chosen.size(); ++i) classes.children[i].set("color", make_string(chosen[i]));
  dataset.set("label_colors", make_bool(true));
  std::string others;
  for (const std::string& color : colors) {
    if (std::find(chosen.begin(), chosen.end(), color) == chosen.end()) others += " " + color;
  }
  return "# a class without a colour of its own got one in order: see that each has the right one" +
         (others.empty() ? "" : "; ignored will be" + others) + "\n" + block(dataset);
}

}  // namespace sshost::data
