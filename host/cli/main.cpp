#include <sshost/abi/status.h>
#include <torch/headeronly/version.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "bridge/error.h"
#include "cli/commands.h"
#include "cli/threads.h"
#include "engine/session.h"
#include "error.h"

namespace sshost::cli {
namespace {

constexpr const char* kExamples =
    "Examples:\n"
    "  sshost run configs/quickstart.yaml\n"
    "  sshost run pipeline.yaml --set model.head.type=psp --output runs/psp\n"
    "  sshost predict photo.jpg --checkpoint runs/psp/checkpoints/step-001000.safetensors\n"
    "  sshost compare runs/psp runs/fcn\n"
    "  sshost plugins describe psp\n"
    "  sshost weights inspect resnet50.pth\n"
    "\n"
    "Exit codes: 0 done, 1 the work failed, 2 the command line or the pipeline is wrong, 130 stopped by Ctrl-C\n"
    "(128 + the signal's number) after saving.";

int dispatch(int count, char** arguments) {
  CLI::App app("Trains, evaluates and runs semantic-segmentation models that are put together from plugins.", "sshost");
  app.set_version_flag("--version", "sshost " + std::string(engine::host_version()) + " (plugin contract " +
                                        std::to_string(SS_ABI_MAJOR) + "." + std::to_string(SS_ABI_MINOR) +
                                        ", LibTorch " TORCH_VERSION ")");
  app.require_subcommand(1);
  app.footer(kExamples);
  Command chosen;
  add_run_command(app, chosen);
  add_validate_command(app, chosen);
  add_plan_command(app, chosen);
  add_predict_command(app, chosen);
  add_compare_command(app, chosen);
  CLI::App* plugins = app.add_subcommand("plugins", "Look at the plugins that are there");
  plugins->require_subcommand(1);
  add_plugins_list_command(*plugins, chosen);
  add_plugins_describe_command(*plugins, chosen);
  CLI::App* data = app.add_subcommand("data", "Look at a pipeline's data");
  data->require_subcommand(1);
  add_data_doctor_command(*data, chosen);
  add_data_preview_command(*data, chosen);
  CLI::App* memory = app.add_subcommand("memory", "Look at a feature memory, and merge several");
  memory->require_subcommand(1);
  add_memory_inspect_command(*memory, chosen);
  add_memory_diff_command(*memory, chosen);
  add_memory_merge_command(*memory, chosen);
  CLI::App* weights = app.add_subcommand("weights", "Look at files of weights, and convert them");
  weights->require_subcommand(1);
  add_weights_inspect_command(*weights, chosen);
  add_weights_import_command(*weights, chosen);
  add_weights_export_command(*weights, chosen);
  try {
    app.parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kUsage;  // prints the help that was asked for, or what is wrong
  }
  return chosen();
}

}  // namespace
}  // namespace sshost::cli

int main(int count, char** arguments) {
  sshost::cli::pin_operator_threads(arguments);
  try {
    return sshost::cli::dispatch(count, arguments);
  } catch (const sshost::UsageError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return sshost::cli::kUsage;
  } catch (...) {
    sshost::bridge::fail_with_current_exception();  // keeps LibTorch's message without its stack of calls
    const std::string message(sshost::bridge::message());
    std::fprintf(stderr, "error: %s\n", message.c_str());
    return sshost::cli::kFailed;
  }
}
