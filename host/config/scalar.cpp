#include "config/scalar.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/printable.h"
#include "base/utf8.h"

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

std::string escape_of(std::uint32_t character) {
  char code[12];
  const char* const format = character < 0x100 ? "\\x%02x" : character < 0x10000 ? "\\u%04x" : "\\U%08x";
  std::snprintf(code, sizeof code, format, static_cast<unsigned>(character));
  return code;
}

// In double quotes, where a line break and the like can be written.
std::string escaped_yaml(std::string_view text) {
  constexpr std::uint32_t kReplacement = 0xfffd;
  std::string out = "\"";
  while (!text.empty()) {
    const Utf8Character first = first_character(text);
    const std::string_view bytes = text.substr(0, first.length);
    if (first.length == 0 || !is_printable(first.value)) {
      out += escape_of(first.length == 0 ? kReplacement : first.value);
    } else {
      out.append(bytes == "\"" || bytes == "\\" ? "\\" : "").append(bytes);
    }
    text.remove_prefix(std::max<std::size_t>(first.length, 1));
  }
  return out + "\"";
}

// Blanks at its ends are no part of a text without quotes, and some letters begin something else.
bool ends_plainly(std::string_view text) {
  return !text.empty() && text.front() != ' ' && text.back() != ' ' &&
         std::string_view("-?=").find(text.front()) == std::string_view::npos;
}

}  // namespace

bool is_printable_text(std::string_view text) { return printable_line(text) == text; }

std::string quoted_yaml(std::string_view text) {
  if (!is_printable_text(text)) return escaped_yaml(text);
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

std::string flow_yaml(std::string_view text) {
  const bool is_plain = is_plain_text(text) && ends_plainly(text) && is_printable_text(text) &&
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
