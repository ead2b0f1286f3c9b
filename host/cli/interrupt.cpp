#include "cli/interrupt.h"

#include <csignal>

namespace sshost::cli {
namespace {

// A signal handler has no other way to reach anything.
std::atomic<bool> stopped = false;
std::atomic<int> stopped_by = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

extern "C" void remember_signal(int number) {
  stopped_by = number;
  stopped = true;
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return stopped;
}

int exit_code_of_stop() { return 128 + (stopped ? stopped_by.load() : SIGTERM); }

}  // namespace sshost::cli
