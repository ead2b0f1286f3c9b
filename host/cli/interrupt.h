#ifndef SSHOST_CLI_INTERRUPT_H
#define SSHOST_CLI_INTERRUPT_H

#include <atomic>

namespace sshost::cli {

// From now on the first SIGINT (Ctrl-C), SIGTERM or SIGHUP sets the flag, and a further SIGINT or SIGTERM ends the
// process as if nobody had cared. What the process was started to ignore, as by nohup, it ignores. A closed pipe behind
// the output no longer ends it: a training outlives its `| tee`.
const std::atomic<bool>& stop_on_signals();

// 128 + the number of the signal that set the flag; that of SIGTERM where another process was told to stop.
int exit_code_of_stop();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_INTERRUPT_H
