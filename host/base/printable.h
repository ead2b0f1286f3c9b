#ifndef SSHOST_BASE_PRINTABLE_H
#define SSHOST_BASE_PRINTABLE_H

#include <string>
#include <string_view>

namespace sshost {

// Text from anywhere (names of classes, files and options, messages of libraries) as it may be shown to a person: what
// a terminal would obey is written out instead, "\x1b" for an escape. That is every control character but the line
// break and the tab, the marks that turn the direction of writing around (U+202A to U+202E, U+2066 to U+2069), and every
// byte that is not UTF-8. All other text stays as it is.
std::string printable(std::string_view text);

}  // namespace sshost

#endif  // SSHOST_BASE_PRINTABLE_H
