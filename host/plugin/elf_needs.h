#ifndef SSHOST_PLUGIN_ELF_NEEDS_H
#define SSHOST_PLUGIN_ELF_NEEDS_H

#include <filesystem>
#include <string>
#include <vector>

namespace sshost::plugin {

// What a shared library has the dynamic linker load with it, and where it has it look, as it stands in the file: with
// $ORIGIN, relative, empty.
struct ElfNeeds {
  std::vector<std::string> libraries;  // names or paths
  std::vector<std::string> runpath;    // folders: for these libraries
  std::vector<std::string> rpath;      // folders: for these and those that they need, where there is no runpath
};

// Throws Refused where the file is no shared library, or corrupt.
ElfNeeds read_needs(const std::filesystem::path& path);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_ELF_NEEDS_H
