#include "config/excerpt.h"

namespace sshost::config {

std::string excerpt(std::string_view text, std::size_t most) {
  if (text.size() <= most) return std::string(text);
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80) --most;  // inside of a character
  return std::string(text.substr(0, most)) + "...";
}

}  // namespace sshost::config
