#ifndef SSHOST_CLI_COMMANDS_H
#define SSHOST_CLI_COMMANDS_H

#include <CLI/CLI.hpp>
#include <functional>

namespace sshost::cli {

// What the chosen subcommand does; gives the exit code. Set while the command line is parsed.
using Command = std::function<int()>;

// Exit codes besides 128 + the number of the signal that stopped a run.
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2 };

// Each adds one subcommand to `app`; `chosen` outlives the parsing.
void add_run_command(CLI::App& app, Command& chosen);
void add_validate_command(CLI::App& app, Command& chosen);
void add_plan_command(CLI::App& app, Command& chosen);
void add_compare_command(CLI::App& app, Command& chosen);
void add_predict_command(CLI::App& app, Command& chosen);
void add_plugins_list_command(CLI::App& plugins, Command& chosen);
void add_plugins_describe_command(CLI::App& plugins, Command& chosen);
void add_data_doctor_command(CLI::App& data, Command& chosen);
void add_data_preview_command(CLI::App& data, Command& chosen);
void add_memory_inspect_command(CLI::App& memory, Command& chosen);
void add_memory_diff_command(CLI::App& memory, Command& chosen);
void add_memory_merge_command(CLI::App& memory, Command& chosen);
void add_weights_inspect_command(CLI::App& weights, Command& chosen);
void add_weights_import_command(CLI::App& weights, Command& chosen);
void add_weights_export_command(CLI::App& weights, Command& chosen);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMANDS_H
