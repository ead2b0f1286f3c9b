#ifndef SSHOST_CLI_COMMANDS_H
#define SSHOST_CLI_COMMANDS_H

#include "cli/arguments.h"
#include "cli/command_line.h"

namespace sshost::cli {

// What each command does; gives the exit code. A program that only reads the command line has none of them.
struct Works {
  int (*run)(const RunArguments& arguments) = nullptr;
  int (*make)(const NewArguments& arguments) = nullptr;
  int (*validate)(const ValidateArguments& arguments) = nullptr;
  int (*plan)(const PlanArguments& arguments) = nullptr;
  int (*predict)(const PredictArguments& arguments) = nullptr;
  int (*quantize)(const QuantizeArguments& arguments) = nullptr;
  int (*serve)(const ServeArguments& arguments) = nullptr;
  int (*export_model)(const ExportArguments& arguments) = nullptr;
  int (*compare)(const CompareArguments& arguments) = nullptr;
  int (*plugins_list)(const PluginsListArguments& arguments) = nullptr;
  int (*plugins_describe)(const PluginsDescribeArguments& arguments) = nullptr;
  int (*plugins_why)(const PluginsWhyArguments& arguments) = nullptr;
  int (*plugins_new)(const PluginsNewArguments& arguments) = nullptr;
  int (*plugins_check)(const PluginsCheckArguments& arguments) = nullptr;
  int (*data_doctor)(const DoctorArguments& arguments) = nullptr;
  int (*data_preview)(const PreviewArguments& arguments) = nullptr;
  int (*memory_inspect)(const MemoryInspectArguments& arguments) = nullptr;
  int (*memory_diff)(const MemoryDiffArguments& arguments) = nullptr;
  int (*memory_merge)(const MemoryMergeArguments& arguments) = nullptr;
  int (*weights_inspect)(const WeightsInspectArguments& arguments) = nullptr;
  int (*weights_import)(const WeightsImportArguments& arguments) = nullptr;
  int (*weights_export)(const WeightsExportArguments& arguments) = nullptr;
};

// The program's commands with their options and help: all that is read from the command line is declared here and
// below, and needs no LibTorch.
class ProgramLine : public CommandLine {
 public:
  ProgramLine(const Works& works, std::string version);
};

// Each adds a command, or a group of them, below the one that it is given.
void add_run_command(Command app, const Works& works);
void add_new_command(Command app, const Works& works);
void add_validate_command(Command app, const Works& works);
void add_plan_command(Command app, const Works& works);
void add_predict_command(Command app, const Works& works);
void add_quantize_command(Command app, const Works& works);
void add_serve_command(Command app, const Works& works);
void add_export_command(Command app, const Works& works);
void add_compare_command(Command app, const Works& works);
void add_plugins_commands(Command app, const Works& works);
void add_data_commands(Command app, const Works& works);
void add_memory_commands(Command app, const Works& works);
void add_weights_commands(Command app, const Works& works);
void add_completion_command(Command app, const CommandLine& line);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMANDS_H
