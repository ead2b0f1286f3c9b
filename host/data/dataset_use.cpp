#include "data/dataset_use.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/lower_case.h"
#include "config/scalar.h"

namespace sshost::data {
namespace {

using config::make_bool;
using config::make_map;
using config::make_string;
using Value = ss_options_object;

// On one line. Of numbers, words, and lists and maps of them; what is null is left out of maps.
std::string flow(const Value& value) {
  if (value.kind == Value::Kind::kInteger) return std::to_string(value.integer);
  if (value.kind == Value::Kind::kBool) return value.boolean ? "true" : "false";
  if (value.kind == Value::Kind::kString) return config::flow_yaml(value.text);
  const bool is_map = value.kind == Value::Kind::kMap;
  std::string text;
  for (size_t i = 0; i < value.children.size(); ++i) {
    if (is_map && value.children[i].is_null()) continue;
    text.append(text.empty() ? "" : ", ").append(is_map ? value.keys[i] + ": " : "").append(flow(value.children[i]));
  }
  return is_map ? "{" + text + "}" : "[" + text + "]";
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
    while (holds(found, color_text(unused)) || std::find(own.begin(), own.end(), color_text(unused)) != own.end())
      ++unused;
    if (own[i]) {
      colors.push_back(*own[i]);
    } else {
      colors.push_back(next < left.size() ? left[next++] : color_text(unused++));
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

bool DatasetUse::resizes() const {
  const Value* option = options_.find("label_size");
  return option != nullptr && option->text == "resize";
}

bool DatasetUse::maps_numbers() const {
  const Value* map = options_.find("label_map");
  return map != nullptr && !map->children.empty() && !reads_colors();
}

std::set<int32_t> DatasetUse::mapped_numbers() const {
  const Value* tolerance = options_.find("label_tolerance");
  if (!maps_numbers() || (tolerance != nullptr && !tolerance->is_null())) return {};
  std::set<int32_t> numbers;
  for (const std::string& key : options_.at("label_map").keys) {
    numbers.insert(static_cast<int32_t>(std::strtol(key.c_str(), nullptr, 10)));
  }
  return numbers;
}

bool DatasetUse::has_color_near(uint32_t color, const std::vector<Class>& classes) const {
  const Value* option = options_.find("label_tolerance");
  const int64_t most = option == nullptr || option->is_null() ? 0 : option->integer;
  return std::any_of(classes.begin(), classes.end(), [&](const Class& each) {
    int64_t distance = 0;  // squared
    for (size_t i = 0; i < 3; ++i) {
      const int64_t difference = int64_t{color >> (16 - 8 * i) & 255} - each.color[i];
      distance += difference * difference;
    }
    return distance <= most * most;
  });
}

Value DatasetUse::without_map() const {
  Value options = options_;
  options.set("label_map", make_map());
  if (has("label_tolerance")) options.set("label_tolerance", Value{});
  return options;
}

Treatment DatasetUse::treat(const Changes& changes, const std::string& comment) const {
  Value options = options_;
  Value given = make_map();
  bool extends_map = false;
  for (const auto& [option, value] : changes) {
    if (!has(option)) return {correct_the_files(), std::nullopt};
    extends_map = extends_map || (value.kind == Value::Kind::kMap && !options.at(option).children.empty());
    options.set(option, value);
    given.set(option, value);
  }
  if (!extends_map) return {"data: {dataset: " + flow(given) + "}" + comment, options};
  // What a pipeline adds to a map that stands in its base joins what stands there.
  return {"in the place of what stands there: data: {dataset: " + flow(given) + "}" + comment, options};
}

std::vector<std::optional<std::string>> DatasetUse::own_colors() const {
  std::vector<std::optional<std::string>> own;
  for (const Value& each : options_.at("classes").children) {
    const Value* color = each.find("color");
    own.push_back(color == nullptr || color->is_null() ? std::nullopt : std::optional(lower_case(color->text)));
  }
  return own;
}

std::vector<Treatment> DatasetUse::read_as_colors(const ColorCounts& counts, bool lossy) const {
  if (!has("label_colors") || !has("classes")) return {{correct_the_files(), std::nullopt}};
  const std::vector<std::optional<std::string>> own = own_colors();
  std::vector<uint32_t> known;
  for (const auto& color : own) {
    if (color) known.push_back(static_cast<uint32_t>(std::strtoul(color->c_str() + 1, nullptr, 16)));
  }
  const TrueValues found = true_colors(counts, known, lossy);
  if (!found.is_clear || found.values.empty() || (found.is_smeared && !has("label_tolerance"))) return {};
  const std::vector<std::string> colors = color_texts(found);
  const std::vector<std::string> chosen = assigned(own, colors);
  Value options = options_;
  Value dataset = make_map();
  dataset.set("type", make_string(type_));
  const Value given = without_defaults(options_);
  for (size_t i = 0; i < given.keys.size(); ++i) dataset.set(given.keys[i], given.children[i]);
  for (Value* each : {&options, &dataset}) {
    Value& classes = each->at("classes");
    for (size_t i = 0; i < chosen.size(); ++i) classes.children[i].set("color", make_string(chosen[i]));
    each->set("label_colors", make_bool(true));
    if (found.is_smeared) each->set("label_tolerance", config::make_integer(found.tolerance));
  }
  std::string others;
  for (const std::string& color : colors) {
    if (std::find(chosen.begin(), chosen.end(), color) == chosen.end()) others += " " + color;
  }
  const std::string fate = found.is_smeared ? "; no class has" : "; ignored will be";
  return {{"# a class without a colour of its own got one in order: see that each has the right one" +
               (others.empty() ? "" : fate + others) + "\n" + config::to_yaml_below({"data", "dataset"}, dataset),
           options}};
}

Value DatasetUse::classes_behind_a_background() const {
  Value list = options_.at("classes");
  Value background = list.children.front();
  for (Value& field : background.children) field = Value{};
  background.set("name", make_string("background"));
  if (list.children.front().at("name").text == "background") {
    list.children.front().set("name", make_string("object"));
  }
  list.children.insert(list.children.begin(), background);
  return list;
}

}  // namespace sshost::data
