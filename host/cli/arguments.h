#ifndef SSHOST_CLI_ARGUMENTS_H
#define SSHOST_CLI_ARGUMENTS_H

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace sshost::cli {

// What the commands that work on a pipeline have in common.
struct PipelineArguments {
  std::string file;              // empty: the pipeline that is in the checkpoint
  std::vector<std::string> set;  // "model.head.type=psp"
  std::string checkpoint;
  std::vector<std::string> trust;  // libraries that may be loaded although only the checkpoint asks for them
  std::string output;
  std::string device;
  bool verbose = false;

  // `set` and the options that are short for an entry of it, which win.
  std::vector<std::string> overrides() const;
};

void add_pipeline_options(Command command, PipelineArguments& arguments);
void add_set_option(Command command, std::vector<std::string>& set);
void add_trust_option(Command command, std::vector<std::string>& trust);
void add_verbose_option(Command command, bool& verbose);

// A value for an override that is taken as text whatever it looks like: in YAML's single quotes.
std::string quoted_yaml(const std::string& text);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_ARGUMENTS_H
