#include <yaml-cpp/emitter.h>

#include <algorithm>

#include "config/option_value.h"
#include "config/scalar.h"

namespace sshost::config {

namespace {

using Value = ss_options_object;

void emit_text(YAML::Emitter& out, const std::string& text) {
  if (!is_printable_text(text)) out << YAML::EscapeNonAscii << YAML::DoubleQuoted;
  if (!is_plain_text(text)) out << YAML::DoubleQuoted;
  out << text;
}

bool is_leaf(const Value& value) { return value.kind != Value::Kind::kList && value.kind != Value::Kind::kMap; }

void emit(YAML::Emitter& out, const Value& value);

void emit_list(YAML::Emitter& out, const Value& list) {
  const bool one_line = std::all_of(list.children.begin(), list.children.end(), is_leaf);
  if (one_line) out << YAML::Flow;
  out << YAML::BeginSeq;
  for (const Value& item : list.children) emit(out, item);
  out << YAML::EndSeq;
}

void emit_size(YAML::Emitter& out, const Value& size) {
  out << YAML::Flow << YAML::BeginMap;
  for (const char* side : {"height", "width"}) {
    out << YAML::Key << side << YAML::Value;
    emit(out, size.at(side));
  }
  out << YAML::EndMap;
}

void emit_map(YAML::Emitter& out, const Value& map) {
  if (map.children.empty()) out << YAML::Flow;
  out << YAML::BeginMap;
  for (std::size_t i = 0; i < map.children.size(); ++i) {
    out << YAML::Key;
    emit_text(out, map.keys[i]);
    out << YAML::Value;
    emit(out, map.children[i]);
  }
  out << YAML::EndMap;
}

void emit(YAML::Emitter& out, const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNull:
      out << YAML::Null;
      return;
    case Value::Kind::kBool:
      out << (value.boolean ? "true" : "false");
      return;
    case Value::Kind::kInteger:
      out << std::to_string(value.integer);
      return;
    case Value::Kind::kDouble:
      out << format_double(value.real);
      return;
    case Value::Kind::kString:
      return emit_text(out, value.text);
    case Value::Kind::kList:
      return value.keys.empty() ? emit_list(out, value) : emit_size(out, value);
    case Value::Kind::kMap:
      return emit_map(out, value);
  }
}

}  // namespace

std::string to_yaml(const Value& value) {
  YAML::Emitter out;
  out.SetNullFormat(YAML::LowerNull);
  emit(out, value);
  return std::string(out.c_str(), out.size()) + "\n";
}

std::string to_yaml_below(std::initializer_list<std::string_view> keys, Value value) {
  for (auto key = std::rbegin(keys); key != std::rend(keys); ++key) {
    Value map = make_map();
    map.set(*key, std::move(value));
    value = std::move(map);
  }
  std::string yaml = to_yaml(value);
  yaml.pop_back();
  return yaml;
}

}  // namespace sshost::config
