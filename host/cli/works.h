#ifndef SSHOST_CLI_WORKS_H
#define SSHOST_CLI_WORKS_H

#include "cli/arguments.h"

namespace sshost::cli {

// What the commands do, each in a file of its own; gives the exit code. Throw Error, UsageError and what else LibTorch
// and the standard library throw.
int run_pipeline(const RunArguments& arguments);
int make_pipeline(const NewArguments& arguments);
int validate_pipeline(const ValidateArguments& arguments);
int plan_pipeline(const PlanArguments& arguments);
int predict_images(const PredictArguments& arguments);
int quantize_model(const QuantizeArguments& arguments);
int serve_models(const ServeArguments& arguments);
int export_model(const ExportArguments& arguments);
int compare_runs(const CompareArguments& arguments);
int list_plugins(const PluginsListArguments& arguments);
int describe_plugins(const PluginsDescribeArguments& arguments);
int explain_plugin(const PluginsWhyArguments& arguments);
int make_plugin(const PluginsNewArguments& arguments);
int check_plugin(const PluginsCheckArguments& arguments);
int examine_data(const DoctorArguments& arguments);
int preview_data(const PreviewArguments& arguments);
int inspect_memory(const MemoryInspectArguments& arguments);
int compare_memories(const MemoryDiffArguments& arguments);
int merge_memories(const MemoryMergeArguments& arguments);
int inspect_weights(const WeightsInspectArguments& arguments);
int import_weights_file(const WeightsImportArguments& arguments);
int export_weights_file(const WeightsExportArguments& arguments);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_WORKS_H
