#ifndef SSHOST_BASE_SHELL_WORD_H
#define SSHOST_BASE_SHELL_WORD_H

#include <string>
#include <string_view>

namespace sshost {

// The text as one word of a command to copy: in quotes where a shell would take it for something else.
std::string shell_word(std::string_view text);

}  // namespace sshost

#endif  // SSHOST_BASE_SHELL_WORD_H
