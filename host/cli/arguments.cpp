#include "cli/arguments.h"

namespace sshost::cli {

std::vector<std::string> PipelineArguments::overrides() const {
  std::vector<std::string> all;
  if (file.empty()) all.emplace_back("output=null");  // that of the run that saved the checkpoint is taken
  all.insert(all.end(), set.begin(), set.end());
  if (!checkpoint.empty()) all.push_back("checkpoint=" + quoted_yaml(checkpoint));
  if (!output.empty()) all.push_back("output=" + quoted_yaml(output));
  if (!device.empty()) all.push_back("device=" + quoted_yaml(device));
  return all;
}

void add_pipeline_options(Command command, PipelineArguments& arguments) {
  add_set_option(command, arguments.set);
  command.add_option("--checkpoint", arguments.checkpoint, "Start from the weights in this .safetensors file")
      .type_name("FILE");
  add_trust_option(command, arguments.trust);
  command.add_option("--device", arguments.device, "cpu, cuda or cuda:N").type_name("DEVICE");
  add_verbose_option(command, arguments.verbose);
}

void add_set_option(Command command, std::vector<std::string>& set) {
  command.add_option("--set", set, "Override a value of the pipeline, as in model.head.type=psp; repeatable")
      .type_name("KEY=VALUE")
      .repeatable();
}

void add_trust_option(Command command, std::vector<std::string>& trust) {
  command
      .add_option("--trust", trust,
                  "A plugin's library that may be loaded although only the checkpoint asks for it; repeatable")
      .type_name("LIBRARY")
      .repeatable();
}

void add_verbose_option(Command command, bool& verbose) {
  command.add_flag("-v,--verbose", verbose, "Also show what only explains");
}

std::string quoted_yaml(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "''" : std::string(1, c);
  return out + "'";
}

}  // namespace sshost::cli
