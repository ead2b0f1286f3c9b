#ifndef SSHOST_SERVE_PAGE_H
#define SSHOST_SERVE_PAGE_H

#include <string_view>

namespace sshost::serve {

// The page at "/": one drops a picture and sees its mask and legend. All of it is in page.html; it loads nothing else.
std::string_view page();

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_PAGE_H
