#ifndef SSHOST_CLI_COMMAND_TREE_H
#define SSHOST_CLI_COMMAND_TREE_H

#include <string>
#include <vector>

namespace sshost::cli {

// An option as a person sees it.
struct OptionFacts {
  std::vector<std::string> names;  // "-v", "--verbose"; none: it is told by its position
  std::string value;               // "FILE"; empty: a flag
  std::string text;
};

// A command with its options and the commands below it.
struct CommandTree {
  std::string name;
  std::string text;
  std::vector<OptionFacts> options;
  std::vector<CommandTree> commands;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMAND_TREE_H
