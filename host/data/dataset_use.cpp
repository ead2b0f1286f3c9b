#include "data/dataset_use.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace sshost::data {
namespace {

namespace fs = std::filesystem;
using config::make_bool;
using config::make_integer;
using config::make_list;
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

std::string hex(const std::array<uint8_t, 3>& color) {
  return hex(uint32_t{color[0]} << 16 | uint32_t{color[1]} << 8 | color[2]);
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

// Each class's own colour where it is one of `found`; the others get what is left of these in order, and, behind them,
// colours that nothing has.
std::vector<std::string> assigned(const std::vector<std::optional<std::string>>& own,
                                  const std::vector<std::string>& found) {
  std::set<std::string> left(found.begin(), found.end());
  std::vector<std::string> colors(own.size());
  for (size_t i = 0; i < own.size(); ++i) {
    if (own[i] && left.erase(*own[i]) > 0) colors[i] = *own[i];
  }
  for (uint32_t unused = 1; std::string & color : colors) {
    if (!color.empty()) continue;
    if (left.empty()) {
      while (std::find(found.begin(), found.end(), hex(unused)) != found.end()) ++unused;
      color = hex(unused++);
    } else {
      color = left.extract(left.begin()).value();
    }
  }
  return colors;
}

}  // namespace

DatasetUse::DatasetUse(std::string type, ss_options_object options, const DatasetInfo& info, const std::string& split,
                       Dataset::Description example, bool skips_broken)
    : type_(std::move(type)),
      options_(std::move(options)),
      info_(info),
      split_(split),
      example_(std::move(example)),
      skips_broken_(skips_broken) {}

bool DatasetUse::reads_colors() const {
  const Value* option = options_.find("label_colors");
  return option != nullptr && option->boolean;
}

bool DatasetUse::reads_stored_numbers() const {
  const Value* map = options_.find("label_map");
  return map != nullptr && map->children.empty() && !reads_colors();
}

std::string DatasetUse::set(const std::string& option, const Value& value) const {
  if (options_.find(option) != nullptr) return "data: {dataset: {" + option + ": " + flow(value) + "}}";
  Value folder = as_folder();
  folder.set(option, value);
  return block(folder);
}

std::string DatasetUse::with_colors(const std::vector<std::string>& colors) const {
  Value folder = as_folder();
  Value& classes = folder.at("classes");
  std::vector<std::optional<std::string>> own;
  for (const Value& each : classes.children) {
    const Value* color = each.find("color");
    own.push_back(color == nullptr || color->is_null() ? std::nullopt : std::optional(lower(color->text)));
  }
  const std::vector<std::string> chosen = assigned(own, colors);
  for (size_t i = 0; i < chosen.size(); ++i) classes.children[i].set("color", make_string(chosen[i]));
  folder.set("label_colors", make_bool(true));
  return "# a class without a colour of its own got one in order: see that each has the right one\n" + block(folder);
}

Value DatasetUse::as_folder() const {
  Value folder = make_map();
  folder.set("type", make_string("folder"));
  if (type_ == "folder") {
    const Value given = without_defaults(options_);
    for (size_t i = 0; i < given.keys.size(); ++i) folder.set(given.keys[i], given.children[i]);
    return folder;
  }
  const Value* root = options_.find("root");
  folder.set("root", make_string(root == nullptr ? "/" : root->text));
  folder.set("images", make_string(pattern_of(example_.image_path)));
  folder.set("labels", make_string(pattern_of(example_.label_path)));
  folder.set("unpaired", make_string("skip"));
  folder.set("classes", classes());
  folder.set("ignore_index", make_integer(info_.ignore_index));
  return folder;
}

Value DatasetUse::classes() const {
  std::vector<Value> all;
  for (size_t i = 0; i < info_.classes.size(); ++i) {
    const Class& from = info_.classes[i];
    Value each = make_map();
    each.set("name", make_string(from.name));
    each.set("color", make_string(hex(from.color)));
    if (from.mirrored != static_cast<int64_t>(i)) {
      each.set("mirrored", make_string(info_.classes[static_cast<size_t>(from.mirrored)].name));
    }
    all.push_back(std::move(each));
  }
  return make_list(std::move(all));
}

// "leftImg8bit/{split}/*/*_leftImg8bit.png": a star for each part of the sample's id.
std::string DatasetUse::pattern_of(const std::string& file) const {
  const Value* root = options_.find("root");
  const fs::path relative = fs::path(file).lexically_relative(root == nullptr ? "/" : root->text);
  std::string text = "/" + relative.generic_string();
  const size_t at = text.rfind("/" + example_.id);
  if (at == std::string::npos) {
    text = (relative.parent_path() / ("*" + relative.extension().string())).generic_string();
  } else {
    std::string stars = "*";
    for (const char letter : example_.id) stars += letter == '/' ? "/*" : "";
    text = text.replace(at + 1, example_.id.size(), stars).substr(1);
  }
  std::string pattern;
  for (const fs::path& part : fs::path(text)) {
    pattern.append(pattern.empty() ? "" : "/").append(part == split_ ? "{split}" : part.string());
  }
  return pattern;
}

}  // namespace sshost::data
