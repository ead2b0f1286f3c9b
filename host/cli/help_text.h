#ifndef SSHOST_CLI_HELP_TEXT_H
#define SSHOST_CLI_HELP_TEXT_H

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_tree.h"

namespace sshost::cli {

// What `--help` says of a command, in lines of at most 79 columns; a longer example goes on behind a
// backslash, as a shell takes it.
struct HelpText {
  std::string usage;  // "sshost run"
  const CommandTree& command;
  std::string notes;  // paragraphs, each ended by '\n'
  std::vector<std::string> examples;
  std::string closing;
};

std::string to_string(const HelpText& help);

// The text in lines of at most `width` columns, the first of which begins in column `at` and the others in column
// `indent`. A word that is longer stands alone. Every line ends with '\n'.
std::string wrap(std::string_view text, size_t indent, size_t at, size_t width = 79);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_HELP_TEXT_H
