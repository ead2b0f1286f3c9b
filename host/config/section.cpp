#include "config/section.h"

#include <charconv>

#include "config/scalar.h"

namespace sshost::config {

namespace {

using Value = ss_options_object;

// "5e-4", where format_double gives "5e-04" and 0.0005 is longer.
std::string short_double(double value) {
  std::string text = format_double(value);
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
  std::string scientific(buffer, end);
  const std::size_t exponent = scientific.find('e');
  if (exponent == std::string::npos) return text;
  std::size_t digits = exponent + 1;
  if (scientific[digits] == '+') scientific.erase(digits, 1);
  if (scientific[digits] == '-') ++digits;
  while (scientific[digits] == '0' && digits + 1 < scientific.size()) scientific.erase(digits, 1);
  return scientific.size() < text.size() ? scientific : text;
}

// As a schema has it: an empty text or list has none of its own.
std::string default_text(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kBool:
      return value.boolean ? "true" : "false";
    case Value::Kind::kInteger:
      return std::to_string(value.integer);
    case Value::Kind::kDouble:
      return short_double(value.real);
    case Value::Kind::kString:
      return value.text.empty() ? "" : flow_yaml(value.text);
    case Value::Kind::kList: {
      std::string items;
      for (const Value& item : value.children) items += (items.empty() ? "" : ", ") + default_text(item);
      return items.empty() ? "" : "[" + items + "]";
    }
    default:
      return "";
  }
}

}  // namespace

Option with_default(Option option, const Value& value) {
  if ((option.flags & SS_OPTION_REQUIRED) == 0) option.default_value = default_text(value);
  return option;
}

Option with_words(Option option, const std::array<const char*, 2>& words, bool by_default) {
  option.default_value = words[by_default ? 1 : 0];
  return option.one_of({option.default_value, words[by_default ? 0 : 1]});
}

}  // namespace sshost::config
