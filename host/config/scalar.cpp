#include "config/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace sshost::config {

namespace {

// from_chars knows no plus sign, and takes "inf" and "nan", which are text in YAML.
template <typename Number>
std::optional<Number> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || !(digits[0] == '.' || (digits[0] >= '0' && digits[0] <= '9'))) return std::nullopt;
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<bool> parse_bool(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (const auto value = parse_number<std::int64_t>(text)) return value;
  constexpr double kExact = 9007199254740992.0;  // 2^53: up to here every integer is a double
  const auto value = parse_number<double>(text);
  if (!value || std::abs(*value) > kExact || std::trunc(*value) != *value) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<double> parse_double(std::string_view text) {
  if (text == ".inf" || text == "+.inf") return std::numeric_limits<double>::infinity();
  if (text == "-.inf") return -std::numeric_limits<double>::infinity();
  if (text == ".nan") return std::numeric_limits<double>::quiet_NaN();
  return parse_number<double>(text);
}

bool is_plain_text(std::string_view text) {
  const bool null = text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
  return !null && !parse_bool(text) && !parse_double(text);
}

namespace {

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }

// In double quotes, where a line break and the like can be written.
std::string escaped_yaml(std::string_view text) {
  std::string out = "\"";
  for (const char letter : text) {
    char code[8] = "";
    if (is_control(letter)) std::snprintf(code, sizeof code, "\\x%02x", static_cast<unsigned>(letter) & 0xff);
    const bool is_mark = letter == '"' || letter == '\\';
    out += is_control(letter) ? code : is_mark ? std::string("\\") + letter : std::string(1, letter);
  }
  return out + "\"";
}

// Blanks at its ends are no part of a text without quotes, and some letters begin something else.
bool ends_plainly(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
         std::string_view("-?=").find(text.front()) == std::string_view::npos;
}

}  // namespace

std::string quoted_yaml(std::string_view text) {
  if (std::any_of(text.begin(), text.end(), is_control)) return escaped_yaml(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string flow_yaml(std::string_view text) {
  const bool is_plain = is_plain_text(text) && ends_plainly(text) &&
                        std::none_of(text.begin(), text.end(), is_control) &&
                        text.find_first_of(",[]{}:#&*!|>'\"%@`") == std::string_view::npos;
  return is_plain ? std::string(text) : quoted_yaml(text);
}

std::string format_double(double value) {
  if (std::isnan(value)) return ".nan";
  if (std::isinf(value)) return value > 0 ? ".inf" : "-.inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

}  // namespace sshost::config
