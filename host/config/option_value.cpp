#include "config/option_value.h"

#include <stdexcept>
#include <utility>

#include "base/size_text.h"

using Value = ss_options_object;

const Value* ss_options_object::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &children[i];
  }
  return nullptr;
}

const Value& ss_options_object::at(std::string_view key) const {
  if (const Value* child = find(key)) return *child;
  throw std::out_of_range("no option \"" + std::string(key) + "\" in " + to_string(place));
}

Value& ss_options_object::at(std::string_view key) { return const_cast<Value&>(std::as_const(*this).at(key)); }

void ss_options_object::set(std::string_view key, Value value) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] != key) continue;
    children[i] = std::move(value);
    return;
  }
  keys.emplace_back(key);
  children.push_back(std::move(value));
}

namespace sshost::config {

namespace {

Value make(Value::Kind kind, const Place& place) {
  Value value;
  value.kind = kind;
  value.place = place;
  return value;
}

void require(const Value& value, Value::Kind kind) {
  if (value.kind != kind)
    throw std::logic_error("an option of another kind than its schema says: " + to_string(value.place));
}

}  // namespace

Value make_map(const Place& place) { return make(Value::Kind::kMap, place); }

Value make_list(std::vector<Value> children, const Place& place) {
  Value value = make(Value::Kind::kList, place);
  value.children = std::move(children);
  return value;
}

Value make_string(std::string text, const Place& place) {
  Value value = make(Value::Kind::kString, place);
  value.text = std::move(text);
  return value;
}

Value make_integer(std::int64_t integer, const Place& place) {
  Value value = make(Value::Kind::kInteger, place);
  value.integer = integer;
  return value;
}

Value make_double(double real, const Place& place) {
  Value value = make(Value::Kind::kDouble, place);
  value.real = real;
  return value;
}

Value make_bool(bool boolean, const Place& place) {
  Value value = make(Value::Kind::kBool, place);
  value.boolean = boolean;
  return value;
}

Size size_of(const Value& value) { return {value.at("height").integer, value.at("width").integer}; }

std::string to_string(const Size& size) { return size_text(size.height, size.width); }

std::vector<std::int64_t> integers_of(const Value& list) {
  std::vector<std::int64_t> result;
  for (const Value& item : list.children) {
    require(item, Value::Kind::kInteger);
    result.push_back(item.integer);
  }
  return result;
}

std::vector<double> doubles_of(const Value& list) {
  std::vector<double> result;
  for (const Value& item : list.children) {
    require(item, Value::Kind::kDouble);
    result.push_back(item.real);
  }
  return result;
}

std::vector<std::string> strings_of(const Value& list) {
  std::vector<std::string> result;
  for (const Value& item : list.children) {
    require(item, Value::Kind::kString);
    result.push_back(item.text);
  }
  return result;
}

}  // namespace sshost::config
