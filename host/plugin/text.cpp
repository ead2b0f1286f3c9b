#include "plugin/text.h"

#include <algorithm>

namespace sshost::plugin {
bool is_name(std::string_view text) {
  return !text.empty() && is_utf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= ' ' || byte == 0x7f || c == '/' || c == ':' || c == '"';
  });
}

}  // namespace sshost::plugin
