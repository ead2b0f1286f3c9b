#ifndef SSHOST_PLUGIN_DESCRIPTOR_H
#define SSHOST_PLUGIN_DESCRIPTOR_H

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sshost/abi/plugin.h>

namespace sshost::plugin {

// The kinds of component that this host knows: "ss.backbone/1" and so on.
const std::vector<std::string_view>& known_kinds();
bool is_known_kind(std::string_view kind);

// Checks that the descriptor keeps the contract: sizes, pointers, text, tables and schemas. Components of kinds that
// this host does not know are only checked as far as their names. Throws Refused with what was expected and found.
void check_descriptor(const ss_plugin* plugin);

// Throws Refused with the whole list of what `plugin` needs and this host lacks. Call after check_descriptor.
void check_needs(const ss_plugin& plugin, const ss_host& host,
                 const std::function<bool(std::string_view)>& has_operator);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_DESCRIPTOR_H
