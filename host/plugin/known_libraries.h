#ifndef SSHOST_PLUGIN_KNOWN_LIBRARIES_H
#define SSHOST_PLUGIN_KNOWN_LIBRARIES_H

#include <filesystem>
#include <string>
#include <string_view>

namespace sshost::plugin {

// The libraries that runs of this user have loaded, by their SHA-256: a file for each in a folder, which is named by
// the hash and holds the path. A folder that others may write is taken for empty. Processes may add at the same time.
class KnownLibraries {
 public:
  // In the user's state folder; nothing is known, and nothing kept, where there is none.
  KnownLibraries();
  explicit KnownLibraries(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has(std::string_view sha256) const;

  // Throws Error where it cannot be kept.
  void add(std::string_view sha256, const std::filesystem::path& library) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_KNOWN_LIBRARIES_H
