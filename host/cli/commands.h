#ifndef SSHOST_CLI_COMMANDS_H
#define SSHOST_CLI_COMMANDS_H

#include "cli/command_line.h"

namespace sshost::cli {

// Each adds one command below the one that it is given.
void add_run_command(Command app);
void add_validate_command(Command app);
void add_plan_command(Command app);
void add_compare_command(Command app);
void add_predict_command(Command app);
void add_plugins_list_command(Command plugins);
void add_plugins_describe_command(Command plugins);
void add_data_doctor_command(Command data);
void add_data_preview_command(Command data);
void add_memory_inspect_command(Command memory);
void add_memory_diff_command(Command memory);
void add_memory_merge_command(Command memory);
void add_weights_inspect_command(Command weights);
void add_weights_import_command(Command weights);
void add_weights_export_command(Command weights);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMANDS_H
