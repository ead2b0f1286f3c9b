#include <clocale>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"
#include "bridge/handle_ledger.h"
#include "cli/commands.h"
#include "cli/crash.h"
#include "cli/ended_by_plugin.h"
#include "cli/failure.h"
#include "cli/streams.h"
#include "cli/threads.h"
#include "cli/uncaught.h"
#include "cli/version.h"
#include "cli/works.h"

namespace sshost::cli {
namespace {

constexpr Works kWorks = {.run = run_pipeline,
                          .make = make_pipeline,
                          .validate = validate_pipeline,
                          .plan = plan_pipeline,
                          .predict = predict_images,
                          .quantize = quantize_model,
                          .serve = serve_models,
                          .export_model = export_model,
                          .compare = compare_runs,
                          .plugins_list = list_plugins,
                          .plugins_describe = describe_plugins,
                          .plugins_why = explain_plugin,
                          .plugins_new = make_plugin,
                          .plugins_check = check_plugin,
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
  const int code = line.parse(words) ? line.run() : kDone;
  require_written_output();
  return code;
}

}  // namespace
}  // namespace sshost::cli

// What the launcher (launcher.cpp) executes, and what links LibTorch.
int main(int count, char** arguments) {
  using namespace sshost::cli;
  open_standard_descriptors();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error with a name
  free_other_threads();
  name_crashes();
  tell_uncaught();
  uselocale(newlocale(LC_ALL_MASK, "C", nullptr));  // of this thread, whatever a plugin does to the process's
  const std::vector<std::string> words(arguments + 1, arguments + count);
  if (std::getenv("SSHOST_CHECK_HANDLES") != nullptr) sshost::bridge::keep_handle_ledger();
  tell_of_ends_by_plugins(asks_for_json(words));
  try {
    return dispatch(words);
  } catch (...) {
    return tell(current_failure(), asks_for_json(words));
  }
}
