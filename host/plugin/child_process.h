#ifndef SSHOST_PLUGIN_CHILD_PROCESS_H
#define SSHOST_PLUGIN_CHILD_PROCESS_H

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sshost::plugin {

struct ChildLimits {
  std::chrono::milliseconds time;
  uint64_t bytes = 0;  // of address space beside what is taken already; 0: any
};

// Where a child puts what it has found out, each time in place of what it put before.
using ChildReport = std::function<void(const std::string& text)>;

// What a child has left behind.
struct ChildEnd {
  std::optional<int> status;  // as waitpid gives it; nullopt where a handler of this process has collected it
  std::string report;         // its last one
  std::string printed;        // the end of what it printed, on one line
};

// Runs `work` in a child, so that what crashes, hangs or ends the process there takes only that with it. It ends by
// itself behind `work`, whose exceptions are its own to catch, or by a signal at one of the limits.
// The child is a fork that goes on running; signal handlers and children of this process are left alone.
ChildEnd run_in_child(const ChildLimits& limits, const std::function<void(const ChildReport& report)>& work);

// Whether the limit of time ended it.
bool has_timed_out(const ChildEnd& end);

// " crashes with SIGSEGV (Segmentation fault)", " ends the process with exit code 3", to be put behind what was done.
std::string words_of(const ChildEnd& end, const ChildLimits& limits);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_CHILD_PROCESS_H
