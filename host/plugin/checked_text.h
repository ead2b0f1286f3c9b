#ifndef SSHOST_PLUGIN_CHECKED_TEXT_H
#define SSHOST_PLUGIN_CHECKED_TEXT_H

#include <string>
#include <string_view>

#include <sshost/abi/status.h>

namespace sshost::plugin {

// Text and names out of a descriptor, as views of the plugin's memory. They throw Refused, with `what` as the culprit
// ("the name of head psp"), where there is no memory behind the text, where it is not UTF-8, or is no usable name.
std::string_view checked_text(const ss_string& text, const std::string& what);
std::string_view checked_name(const ss_string& text, const std::string& what);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_CHECKED_TEXT_H
