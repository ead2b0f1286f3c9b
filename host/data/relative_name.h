#ifndef SSHOST_DATA_RELATIVE_NAME_H
#define SSHOST_DATA_RELATIVE_NAME_H

#include <string_view>

namespace sshost::data {

// Whether a plugin's text can name a file below a folder: a file's name, or a relative path without "..",
// of UTF-8 without a zero byte.
bool is_relative_name(std::string_view text);

}  // namespace sshost::data

#endif  // SSHOST_DATA_RELATIVE_NAME_H
