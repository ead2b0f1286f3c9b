#ifndef SSHOST_REPORT_TABLE_H
#define SSHOST_REPORT_TABLE_H

#include <string>
#include <vector>

namespace sshost::report {

// Text in rows and columns; every row has as many cells as the header.
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

// For a terminal: columns as wide as their widest cell (UTF-8, a column for each character), two blanks between them.
std::vector<std::string> to_lines(const Table& table);

// A <table> in a card.
std::string to_html(const Table& table);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_TABLE_H
