#include "plugin/user_folders.h"

#include <cstdlib>

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

// An absolute path, as the specification demands; else empty.
fs::path folder_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] == '/' ? fs::path(value) : fs::path();
}

fs::path user_folder(const char* variable, const char* below_home) {
  if (const fs::path folder = folder_in(variable); !folder.empty()) return folder / "sshost";
  const fs::path home = folder_in("HOME");
  return home.empty() ? home : home / below_home / "sshost";
}

}  // namespace

fs::path user_configuration() { return user_folder("XDG_CONFIG_HOME", ".config"); }
fs::path user_state() { return user_folder("XDG_STATE_HOME", ".local/state"); }

}  // namespace sshost::plugin
