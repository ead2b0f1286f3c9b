#include "report/table.h"

#include <algorithm>

#include "base/printable.h"
#include "report/html.h"

namespace sshost::report {
namespace {

using Row = std::vector<std::string>;

// Characters of UTF-8 text: bytes that do not continue another.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string html_row(const Row& row, const std::string& element) {
  std::string out = "<tr>";
  for (const std::string& cell : row) out += "<" + element + ">" + escape(cell) + "</" + element + ">";
  return out + "</tr>";
}

}  // namespace

std::vector<std::string> to_lines(const Table& table) {
  std::vector<Row> rows{table.header};
  rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  for (Row& row : rows) {
    for (std::string& cell : row) cell = printable_line(cell);
  }
  std::vector<size_t> widths(table.header.size());
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths.at(i) = std::max(widths.at(i), width_of(row[i]));
  }
  std::vector<std::string> lines;
  for (const Row& row : rows) {
    std::string& line = lines.emplace_back();
    for (size_t i = 0; i < row.size(); ++i) line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    line.erase(line.find_last_not_of(' ') + 1);
  }
  return lines;
}

std::string to_html(const Table& table) {
  std::string rows;
  for (const Row& row : table.rows) rows += html_row(row, "td");
  return "<div class=\"card tablebox\"><table><thead>" + html_row(table.header, "th") + "</thead><tbody>" + rows +
         "</tbody></table></div>";
}

}  // namespace sshost::report
