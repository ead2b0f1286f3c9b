#ifndef SSHOST_PLUGIN_USER_FOLDERS_H
#define SSHOST_PLUGIN_USER_FOLDERS_H

#include <filesystem>

// Where a user's own files are, by the XDG Base Directory Specification. Empty where the environment does not say.
namespace sshost::plugin {

std::filesystem::path user_configuration();  // XDG_CONFIG_HOME/sshost, or ~/.config/sshost
std::filesystem::path user_state();          // XDG_STATE_HOME/sshost, or ~/.local/state/sshost

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_USER_FOLDERS_H
