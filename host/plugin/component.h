#ifndef SSHOST_PLUGIN_COMPONENT_H
#define SSHOST_PLUGIN_COMPONENT_H

#include <filesystem>
#include <string>
#include <string_view>

#include <sshost/abi/plugin.h>

#include "plugin/refusal.h"

namespace sshost::plugin {

// A component of a loaded plugin, whose descriptor has been checked. The descriptor lives as long as the process.
struct Component {
  const ss_component* descriptor = nullptr;
  std::string plugin_name;
  std::string plugin_version;
  std::filesystem::path path;  // canonical
  Origin origin = Origin::kSearchPath;

  std::string_view kind() const;  // "ss.head/1"
  std::string_view name() const;  // "psp"
  std::string_view text() const;  // one line of help
  const ss_schema* options() const { return descriptor->options; }

  // The function table of its kind, such as table<ss_head_table>() of an "ss.head/1". Every function in it is there.
  template <typename Table>
  const Table* table() const {
    return static_cast<const Table*>(descriptor->table);
  }

  // The table of a further capability such as "ss.checkpoint_names/1", or nullptr.
  const void* capability(std::string_view id) const;
};

// "head" of "ss.head/1": the word that people use.
std::string word_of_kind(std::string_view kind);

// "head psp (/plugins/psp.so)": who is to blame.
std::string to_string(const Component& component);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_COMPONENT_H
