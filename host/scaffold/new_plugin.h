#ifndef SSHOST_SCAFFOLD_NEW_PLUGIN_H
#define SSHOST_SCAFFOLD_NEW_PLUGIN_H

#include <filesystem>
#include <string>
#include <vector>

namespace sshost::scaffold {

struct NewPlugin {
  std::string kind;      // "head"
  std::string name;      // of the library, the component and the folder
  std::string language;  // "c++" or "c"
  std::filesystem::path folder;
  std::filesystem::path prefix;  // where sshost is installed
};

// Writes a folder that builds, with a test, a pipeline and a README, and gives its files. Throws UsageError for a kind
// or a language that there is not, for a name that is none, and where the folder is there already.
std::vector<std::filesystem::path> write_plugin(const NewPlugin& plugin);

}  // namespace sshost::scaffold

#endif  // SSHOST_SCAFFOLD_NEW_PLUGIN_H
