#ifndef SSHOST_PLUGIN_FIND_H
#define SSHOST_PLUGIN_FIND_H

#include <filesystem>
#include <vector>

#include "plugin/refusal.h"

namespace sshost::plugin {

// A library to look at. `path` is canonical: links are resolved.
struct FoundLibrary {
  std::filesystem::path path = {};
  std::filesystem::path written = {};  // as it was found first
  Origin origin = Origin::kSearchPath;
  bool is_installed = false;  // with the program
  bool is_beside = true;      // found in no other way than that it lies beside the pipeline
  bool is_wanted = true;      // found in no other way than that a checkpoint asks for it
};

// Collects libraries from places: a file itself, a folder's *.so files by name (not those of its subfolders).
// The same file, however often and by whatever link it is found, counts once, with the highest origin.
class LibraryFinder {
 public:
  // The folder of what is installed with the program: who may write it may as well replace the program.
  void add_installed(const std::filesystem::path& folder);

  // A folder of the search path. One that does not exist is nothing to talk about; one that is not absolute, or that
  // others may write, is a refusal.
  void add_search_folder(const std::filesystem::path& folder);

  // The folder of the pipeline.
  void add_beside(const std::filesystem::path& folder);

  // A file or folder that the user names, or the user's pipeline. One that does not exist is a refusal.
  void add_named(const std::filesystem::path& path);

  // The same, that a checkpoint names.
  void add_wanted(const std::filesystem::path& path);

  const std::vector<FoundLibrary>& found() const { return found_; }
  const std::vector<Refusal>& refusals() const { return refusals_; }

 private:
  struct Identity {
    unsigned long device, inode;
    bool operator==(const Identity&) const = default;
  };
  void add_path(const std::filesystem::path& path, FoundLibrary how);
  void add_folder(const std::filesystem::path& folder, const FoundLibrary& how);
  void add_file(const std::filesystem::path& file, FoundLibrary how);

  std::vector<FoundLibrary> found_;
  std::vector<Identity> identities_;  // of found_
  std::vector<Refusal> refusals_;
};

// lib/sshost/plugins beside the folder of the program, or of libsshost.so where a program embeds the host.
std::filesystem::path installed_plugins();

// Where plugins are looked for without being named: those that are installed, then the folders
// of the environment's SSHOST_PLUGIN_PATH, which are separated by colons.
std::vector<std::filesystem::path> default_search_path();

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_FIND_H
