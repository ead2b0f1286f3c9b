#include <sshost/abi/status.h>
#include <torch/headeronly/version.h>

#include <csignal>
#include <cstdio>
#include <string>

#include "base/error.h"
#include "bridge/boundary.h"
#include "cli/commands.h"
#include "cli/crash.h"
#include "cli/threads.h"
#include "run/session.h"

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
  CommandLine line("sshost",
                   "Trains, evaluates and runs semantic-segmentation models that are put together from plugins.");
  line.add_version_flag("sshost " + std::string(run::host_version()) + " (plugin contract " +
                        std::to_string(SS_ABI_MAJOR) + "." + std::to_string(SS_ABI_MINOR) +
                        ", LibTorch " TORCH_VERSION ")");
  Command app = line.command();
  app.footer(kExamples);
  add_run_command(app);
  add_validate_command(app);
  add_plan_command(app);
  add_predict_command(app);
  add_compare_command(app);
  Command plugins = app.add_command("plugins", "Look at the plugins that are there");
  add_plugins_list_command(plugins);
  add_plugins_describe_command(plugins);
  Command data = app.add_command("data", "Look at a pipeline's data");
  add_data_doctor_command(data);
  add_data_preview_command(data);
  Command memory = app.add_command("memory", "Look at a feature memory, and merge several");
  add_memory_inspect_command(memory);
  add_memory_diff_command(memory);
  add_memory_merge_command(memory);
  Command weights = app.add_command("weights", "Look at files of weights, and convert them");
  add_weights_inspect_command(weights);
  add_weights_import_command(weights);
  add_weights_export_command(weights);
  return line.run(count, arguments);
}

}  // namespace
}  // namespace sshost::cli

int main(int count, char** arguments) {
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as it may be inherited, it would hide how a plugin's trial ended
  sshost::cli::pin_operator_threads(arguments);
  sshost::cli::name_crashes();
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
