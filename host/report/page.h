#ifndef SSHOST_REPORT_PAGE_H
#define SSHOST_REPORT_PAGE_H

#include <filesystem>
#include <string>
#include <string_view>

namespace sshost::report {

// The style sheet and the script of a report's page.
std::string_view page_style();
std::string_view page_script();

// A whole HTML file around the elements in `body`.
std::string whole_page(std::string_view title, std::string_view body);

// Writes a page under a temporary name and renames it. Throws Error with the path.
void write_page(const std::filesystem::path& path, std::string_view html);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PAGE_H
