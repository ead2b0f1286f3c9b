#ifndef SSHOST_PLUGIN_ELF_SYMBOLS_H
#define SSHOST_PLUGIN_ELF_SYMBOLS_H

#include <filesystem>
#include <string>
#include <vector>

namespace sshost::plugin {

// The names that a shared library defines for others, without versions of symbols. Throws Refused where the file is
// none, or corrupt.
std::vector<std::string> exported_symbols(const std::filesystem::path& path);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_ELF_SYMBOLS_H
