#ifndef SSHOST_PLUGIN_FIND_H
#define SSHOST_PLUGIN_FIND_H

#include <filesystem>
#include <vector>

#include "plugin/refusal.h"

namespace sshost::plugin {

// A library to look at. `path` is canonical: links are resolved.
struct FoundLibrary {
  std::filesystem::path path;
  Origin origin;
};

// Collects libraries from places: a file itself, a folder's *.so files by name (not those of its subfolders).
// The same file, however often and by whatever link it is found, counts once, with the highest origin.
class LibraryFinder {
 public:
  // A folder of the search path. One that does not exist is nothing to talk about.
  void add_search_folder(const std::filesystem::path& folder);

  // A file or folder that the pipeline names. One that does not exist is a refusal.
  void add_named(const std::filesystem::path& path);

  const std::vector<FoundLibrary>& found() const { return found_; }
  bool has(const std::filesystem::path& canonical) const;
  const std::vector<Refusal>& refusals() const { return refusals_; }

 private:
  struct Identity {
    unsigned long device, inode;
    bool operator==(const Identity&) const = default;
  };
  void add_folder(const std::filesystem::path& folder, Origin origin);
  void add_file(const std::filesystem::path& file, Origin origin);

  std::vector<FoundLibrary> found_;
  std::vector<Identity> identities_;  // of found_
  std::vector<Refusal> refusals_;
};

// Where plugins are looked for without being named: lib/sshost/plugins beside the folder of the program, or of
// libsshost.so where a program embeds the host, then the folders
// of the environment's SSHOST_PLUGIN_PATH, which are separated by colons.
std::vector<std::filesystem::path> default_search_path();

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_FIND_H
