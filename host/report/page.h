#ifndef SSHOST_REPORT_PAGE_H
#define SSHOST_REPORT_PAGE_H

#include <filesystem>
#include <string>
#include <string_view>

namespace sshost::report {

// A whole HTML file around the elements in `body`, with the style sheet that all pages share, `style` behind it, and
// `script` behind the elements.
std::string html_page(std::string_view title, std::string_view style, std::string_view body, std::string_view script);

// The <header> that a page's elements begin with.
std::string page_header(std::string_view title, std::string_view subtitle);

// A page of report.h's elements: html_page with the script that moves them.
std::string whole_page(std::string_view title, std::string_view body);

// Writes a page whole or not at all (file::write_file). Throws Error with the path.
void write_page(const std::filesystem::path& path, std::string_view html);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PAGE_H
