#ifndef SSHOST_PLUGIN_ELF_COMMENT_H
#define SSHOST_PLUGIN_ELF_COMMENT_H

#include <filesystem>
#include <string>

namespace sshost::plugin {

// What compilers have left in a library of themselves, such as "GCC: (Debian 12.2.0-14) 12.2.0"; empty where that is
// gone. Throws Refused where the file is no library, or corrupt.
std::string compilers_of(const std::filesystem::path& path);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_ELF_COMMENT_H
