#ifndef SSHOST_CONFIG_SCALAR_H
#define SSHOST_CONFIG_SCALAR_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What an unquoted scalar means: the core schema of YAML 1.2 with its lower-case spellings only.
namespace sshost::config {

std::optional<bool> parse_bool(std::string_view text);             // true, false
std::optional<std::int64_t> parse_integer(std::string_view text);  // decimal; a number such as 1e4 that is whole
std::optional<double> parse_double(std::string_view text);         // also .inf, -.inf and .nan

// True where the text means nothing else than itself, so that it can stand without quotes.
bool is_plain_text(std::string_view text);

// True where a reader sees all of the text (base/printable.h).
bool is_printable_text(std::string_view text);

// What is taken as text whatever it looks like: in single quotes; in double ones, and escaped, where
// something of it is not printable. Bytes that are not UTF-8, which YAML has no way for, become U+FFFD.
std::string quoted_yaml(std::string_view text);

// Text as it stands within [] and {}, and anywhere else: in single quotes where it would mean something else without.
std::string flow_yaml(std::string_view text);

// The shortest text that reads back as the same number.
std::string format_double(double value);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_SCALAR_H
