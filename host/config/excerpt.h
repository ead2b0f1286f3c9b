#ifndef SSHOST_CONFIG_EXCERPT_H
#define SSHOST_CONFIG_EXCERPT_H

#include <cstddef>
#include <string>
#include <string_view>

namespace sshost::config {

// The first `most` bytes of UTF-8 text for a message, with "..." where that is not all of it. No character is cut.
std::string excerpt(std::string_view text, std::size_t most);

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_EXCERPT_H
