#ifndef SSHOST_BASE_UTF8_H
#define SSHOST_BASE_UTF8_H

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sshost {

struct Utf8Character {
  uint32_t value = 0;
  size_t length = 0;  // in bytes; 0 where the text does not begin with a character
};

// The first character of a text that is not empty: UTF-8 in its shortest form, without surrogates (RFC 3629).
Utf8Character first_character(std::string_view text);

// Whether all of the text is such characters.
bool is_utf8(std::string_view text);

}  // namespace sshost

#endif  // SSHOST_BASE_UTF8_H
