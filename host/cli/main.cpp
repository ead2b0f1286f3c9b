#include <csignal>
#include <string>
#include <vector>

#include "bridge/boundary.h"
#include "cli/commands.h"
#include "cli/crash.h"
#include "cli/failure.h"
#include "cli/threads.h"
#include "cli/version.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

constexpr Works kWorks = {.run = run_pipeline,
                          .make = make_pipeline,
                          .validate = validate_pipeline,
                          .plan = plan_pipeline,
                          .predict = predict_images,
                          .compare = compare_runs,
                          .plugins_list = list_plugins,
                          .plugins_describe = describe_plugins,
                          .data_doctor = examine_data,
                          .data_preview = preview_data,
                          .memory_inspect = inspect_memory,
                          .memory_diff = compare_memories,
                          .memory_merge = merge_memories,
                          .weights_inspect = inspect_weights,
                          .weights_import = import_weights_file,
                          .weights_export = export_weights_file};

int dispatch(const std::vector<std::string>& words) {
  ProgramLine line(kWorks, version_text());
  return line.parse(words) ? line.run() : kDone;
}

}  // namespace
}  // namespace sshost::cli

// What the launcher (launcher.cpp) executes, and what links LibTorch.
int main(int count, char** arguments) {
  using namespace sshost::cli;
  std::signal(SIGCHLD, SIG_DFL);  // ignored, as it may be inherited, it would hide how a plugin's trial ended
  free_other_threads();
  name_crashes();
  const std::vector<std::string> words(arguments + 1, arguments + count);
  try {
    return dispatch(words);
  } catch (const sshost::UsageError& error) {
    return tell(failure_of(error), asks_for_json(words));
  } catch (...) {
    sshost::bridge::fail_with_current_exception();  // keeps LibTorch's message without its stack of calls
    return tell({kFailed, std::string(sshost::bridge::message())}, asks_for_json(words));
  }
}
