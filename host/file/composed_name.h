#ifndef SSHOST_FILE_COMPOSED_NAME_H
#define SSHOST_FILE_COMPOSED_NAME_H

#include <string>
#include <string_view>

namespace sshost::file {

// A file's name with each letter and its accents as one code point where there is one (Unicode's NFC), as people type
// it: macOS stores names in parts, other systems as they are given. A name that is not UTF-8 is itself.
std::string composed_name(std::string_view name);

}  // namespace sshost::file

#endif  // SSHOST_FILE_COMPOSED_NAME_H
