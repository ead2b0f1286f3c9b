#ifndef SSHOST_CLI_VERSION_H
#define SSHOST_CLI_VERSION_H

#include <string>

namespace sshost::cli {

// "sshost 0.1.0 (plugin contract 1.0, LibTorch 2.13.0)"
std::string version_text();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_VERSION_H
