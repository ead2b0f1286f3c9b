#include "cli/interrupt.h"

#include <csignal>

namespace sshost::cli {
namespace {

// A signal handler has no other way to reach anything.
std::atomic<bool> stopped = false;
std::atomic<int> stopped_by = 0;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

constexpr int kStopping[] = {SIGINT, SIGTERM, SIGHUP};

// As nohup has it of SIGHUP, and a shell without job control of SIGINT for what runs in the background.
bool is_ignored(int number) {
  struct sigaction inherited {};
  return sigaction(number, nullptr, &inherited) == 0 && inherited.sa_handler == SIG_IGN;
}

extern "C" void remember_signal(int number) {
  for (const int each : kStopping) {
    if (!is_ignored(each)) signal(each, each == SIGHUP ? SIG_IGN : SIG_DFL);  // which may come along with SIGTERM
  }
  stopped_by = number;
  stopped = true;
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  struct sigaction action {};
  action.sa_handler = remember_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (const int number : kStopping) {
    if (!is_ignored(number)) sigaction(number, &action, nullptr);
  }
  return stopped;
}

const std::atomic<bool>& stop_flag() { return stopped; }

void ignore_closed_pipes() { std::signal(SIGPIPE, SIG_IGN); }

int exit_code_of_stop() { return 128 + (stopped ? stopped_by.load() : SIGTERM); }

}  // namespace sshost::cli
