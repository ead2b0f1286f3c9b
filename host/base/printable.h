#ifndef SSHOST_BASE_PRINTABLE_H
#define SSHOST_BASE_PRINTABLE_H

#include <cstdint>
#include <string>
#include <string_view>

namespace sshost {

// Text from anywhere (names of classes, files and options, messages of libraries) as it may be shown to a person: what
// a terminal would obey, and what no reader sees, is written out instead, "\x1b" for an escape. That is every control
// character but the line break and the tab, marks that turn the direction of writing around, characters without a width
// (Unicode's Default_Ignorable_Code_Point), and every byte that is not UTF-8. All other text stays as it is.
std::string printable(std::string_view text);

// The same for what stands within a line, such as a name out of a file: line breaks and tabs are written out, too, so
// that no line of a message begins with what somebody else has written.
std::string printable_line(std::string_view text);

// Whether a character of Unicode is seen by a reader, and does nothing else; a line break and a tab are not.
bool is_printable(uint32_t character);

}  // namespace sshost

#endif  // SSHOST_BASE_PRINTABLE_H
