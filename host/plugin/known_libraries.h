#ifndef SSHOST_PLUGIN_KNOWN_LIBRARIES_H
#define SSHOST_PLUGIN_KNOWN_LIBRARIES_H

#include <filesystem>
#include <string>
#include <string_view>

namespace sshost::plugin {

// The libraries that runs of this user have loaded: a file for each in a folder, which is named by the SHA-256 and has
// a line for each path that it was loaded from. The same bytes elsewhere are not known: what they load, or read, from
// beside them is not. A folder that others may write is taken for empty. Processes may add at the same time.
class KnownLibraries {
 public:
  // In the user's state folder; nothing is known, and nothing kept, where there is none.
  KnownLibraries();
  explicit KnownLibraries(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has(std::string_view sha256, const std::filesystem::path& library) const;

  // Throws Error where it cannot be kept.
  void add(std::string_view sha256, const std::filesystem::path& library) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_KNOWN_LIBRARIES_H
