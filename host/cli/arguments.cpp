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

PipelineArguments PredictArguments::pipeline() const {
  PipelineArguments all = *this;
  if (!split.empty()) all.set.push_back("data.evaluate.split=" + quoted_yaml(split));
  if (formats.empty()) return all;
  std::string list;
  for (const std::string& format : formats) list += quoted_yaml(format) + ",";
  all.set.push_back("evaluate.prediction_formats=[" + list + "]");
  return all;
}

void add_pipeline_options(Command command, PipelineArguments& arguments) {
  add_set_option(command, arguments.set);
  command
      .add_option("--checkpoint", arguments.checkpoint,
                  "Start from the weights in this .safetensors file, or in a run's folder: "
                  "the best there, or else the last")
      .type_name("FILE");
  command.add_option("--device", arguments.device, "cpu, cuda or cuda:N").type_name("DEVICE");
  add_trust_option(command, arguments.trust);
  add_talk_options(command, arguments.talk);
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

void add_talk_options(Command command, Talk& talk) {
  command.add_flag("-v,--verbose", talk.verbose, "Also show what only explains");
  command.add_flag("-q,--quiet", talk.quiet, "Show warnings and errors, and what was asked for, but no progress");
}

void add_json_option(Command command, Talk& talk) {
  command.add_flag("--json", talk.json,
                   "Print the result, or the error, as one JSON document (docs/commands.md) and all else to standard "
                   "error");
}

}  // namespace sshost::cli
