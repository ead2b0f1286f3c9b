#include "plugin/probe.h"

#include <string>

#include "plugin/child_process.h"
#include "plugin/descriptor.h"
#include "plugin/library.h"
#include "plugin/refusal.h"

namespace sshost::plugin {
namespace {

// How far the child came, as the first byte of its report; the reason follows kRefused.
enum class Stage : char { kLoading = 'l', kEntry = 'e', kDescriptor = 'd', kRefused = 'r', kDone = '.' };

void try_library(const std::filesystem::path& path, const ss_host& host, const ChildReport& report) {
  const auto put = [&](Stage stage, const std::string& reason = {}) { report(static_cast<char>(stage) + reason); };
  put(Stage::kLoading);
  try {
    const ss_plugin_entry_function entry = open_library(path);
    put(Stage::kEntry);
    const ss_plugin* plugin = call_entry(entry, host);
    put(Stage::kDescriptor);
    check_descriptor(plugin);
    put(Stage::kDone);
  } catch (const std::exception& error) {
    put(Stage::kRefused, error.what());
  }
}

std::string name_of_stage(Stage stage) {
  switch (stage) {
    case Stage::kEntry:
      return "calling its function " SS_PLUGIN_ENTRY;
    case Stage::kDescriptor:
      return "reading its descriptor";
    default:
      return "loading it";
  }
}

// False where the child did not come to an end within the limit, though another try may.
bool try_in_child(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit,
                  bool is_last) {
  const ChildLimits limits{limit};
  const ChildEnd end = run_in_child(limits, [&](const ChildReport& report) { try_library(path, host, report); });
  const Stage stage = end.report.empty() ? Stage::kLoading : static_cast<Stage>(end.report.front());
  if (stage == Stage::kDone) return true;
  if (stage == Stage::kRefused) throw Refused(end.report.substr(1));
  if (!is_last && has_timed_out(end)) return false;
  throw Refused(name_of_stage(stage) + words_of(end, limits) +
                (end.printed.empty() ? "" : "; it printed: " + end.printed));
}

}  // namespace

// A child inherits locks as they are, and of the threads that may hold them only the one that forks. The C library sees
// to its own heap and streams, but not to the dynamic linker, whose lock another thread may have held for a moment: such
// a child waits for ever. So the first ones are given up early, and the last one has all the time.
void probe(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit) {
  constexpr std::chrono::milliseconds kFirst{2000}, kSecond{6000};
  for (const std::chrono::milliseconds early : {kFirst, kSecond}) {
    if (early < limit && try_in_child(path, host, early, false)) return;
  }
  try_in_child(path, host, limit, true);
}

}  // namespace sshost::plugin
