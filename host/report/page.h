#ifndef SSHOST_REPORT_PAGE_H
#define SSHOST_REPORT_PAGE_H

#include <string_view>

namespace sshost::report {

// The style sheet and the script of a report's page.
std::string_view page_style();
std::string_view page_script();

}  // namespace sshost::report

#endif  // SSHOST_REPORT_PAGE_H
