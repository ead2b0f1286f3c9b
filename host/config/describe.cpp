#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "config/option_value.h"
#include "config/phrase.h"
#include "config/schema.h"

namespace sshost::config {

namespace {

constexpr int kDeepest = 8;  // a schema may contain itself

using Row = std::array<std::string, 4>;  // name, type, default, text

// Sizes as a map: read in the contract's order, which is that of plugins, as the host's own have no default.
std::string default_text(const ss_option& option) {
  std::string text(view(option.default_value));
  if (!is_size(option)) return text;
  Size size;
  return std::sscanf(text.c_str(), "[%" SCNd64 ", %" SCNd64 "]", &size.height, &size.width) == 2 ? to_string(size)
                                                                                                 : text;
}

std::string default_column(const ss_option& option) {
  if (has_flag(option, SS_OPTION_REQUIRED)) return "required";
  const bool nullable = has_flag(option, SS_OPTION_NULLABLE);
  const bool group = option.fields != nullptr && option.shape == SS_OPTION_SCALAR;
  if (group && !nullable) return "";  // its fields' stand below it
  if (option.default_value.size > 0) return default_text(option);
  if (nullable) return "null";
  if (option.shape == SS_OPTION_LIST) return "[]";
  const bool text = option.kind == SS_OPTION_STRING || option.kind == SS_OPTION_PATH;
  return option.shape == SS_OPTION_SCALAR && text ? "\"\"" : "";
}

void add_rows(const ss_schema& schema, int depth, std::vector<Row>& rows) {
  for (const ss_option* option : options_of(schema)) {
    const std::string name = std::string(2 * static_cast<std::size_t>(depth), ' ').append(view(option->name));
    rows.push_back({name, type_column(*option), default_column(*option), std::string(view(option->text))});
    if (option->fields && depth < kDeepest) add_rows(*option->fields, depth + 1, rows);
  }
}

// Letters of UTF-8 text: bytes that do not continue another.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

std::string describe(const ss_schema& schema) {
  std::vector<Row> rows{{"option", "type", "default", "meaning"}};
  add_rows(schema, 0, rows);
  if (rows.size() == 1) return "";
  std::array<std::size_t, 3> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    text += "  ";
    for (std::size_t i = 0; i < widths.size(); ++i) text += row[i] + std::string(widths[i] - width(row[i]) + 2, ' ');
    text += row[3];
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  }
  return text;
}

}  // namespace sshost::config
