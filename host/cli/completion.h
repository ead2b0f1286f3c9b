#ifndef SSHOST_CLI_COMPLETION_H
#define SSHOST_CLI_COMPLETION_H

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_tree.h"

namespace sshost::cli {

// The shells that a completion can be written for: bash, zsh, fish.
const std::vector<std::string>& completion_shells();

// A script for one of them that completes commands and options of the program, and files elsewhere.
std::string completion_script(const CommandTree& program, std::string_view shell);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMPLETION_H
