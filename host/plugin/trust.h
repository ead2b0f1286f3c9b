#ifndef SSHOST_PLUGIN_TRUST_H
#define SSHOST_PLUGIN_TRUST_H

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "plugin/known_libraries.h"

namespace sshost::plugin {

// Decides which libraries are loaded although nobody but a checkpoint asks for them: a library is code, and a checkpoint
// is anybody's. They are those
// - that the user allows by name (--trust),
// - in folders that the user's configuration names, or below them,
// - that are, byte by byte and with all that they load from beside them, what an earlier run of this user has loaded
//   from the same place, where only this user and root can change them.
class Trust {
 public:
  // Trusts nothing.
  Trust() : known_(std::filesystem::path()) {}

  // As the user's configuration says: `trusted_plugin_folders: [/a, /b]` in ~/.config/sshost/config.yaml. UsageError
  // where that file is wrong, or where others may write it.
  static Trust of_user();

  // UsageError where there is no such file.
  void allow(const std::filesystem::path& library);

  // What a checkpoint says that its libraries were: path -> SHA-256. Only for the reason of a refusal.
  void expect(std::map<std::string, std::string> libraries) { expected_ = std::move(libraries); }

  // Throws Refused with the library's hash and the words that allow it. Paths are canonical; `dependencies` as
  // dependencies_of has them.
  void require(const std::filesystem::path& library, const std::vector<std::filesystem::path>& dependencies) const;

 private:
  bool is_named(const std::filesystem::path& library) const;
  std::string why_not_known(const std::filesystem::path& file, const std::string& sha256) const;

  std::vector<std::filesystem::path> libraries_;  // canonical
  std::vector<std::filesystem::path> folders_;    // canonical
  KnownLibraries known_;
  std::map<std::string, std::string> expected_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_TRUST_H
