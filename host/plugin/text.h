#ifndef SSHOST_PLUGIN_TEXT_H
#define SSHOST_PLUGIN_TEXT_H

#include <string_view>

#include <sshost/abi/status.h>

#include "base/utf8.h"

namespace sshost::plugin {

inline std::string_view view(const ss_string& text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

inline ss_string to_abi(std::string_view text) { return {text.data(), text.size()}; }

// What a person writes after `type:`: not empty, and nothing that a path, `path:name` or a terminal would trip over.
bool is_name(std::string_view text);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_TEXT_H
