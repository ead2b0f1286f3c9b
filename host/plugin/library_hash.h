#ifndef SSHOST_PLUGIN_LIBRARY_HASH_H
#define SSHOST_PLUGIN_LIBRARY_HASH_H

#include <filesystem>
#include <string>

namespace sshost::plugin {

// The SHA-256 of a file's bytes, in lower-case hexadecimal. Throws Refused where it cannot be read.
std::string sha256_of(const std::filesystem::path& file);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LIBRARY_HASH_H
