#ifndef SSHOST_CLI_INTERRUPT_H
#define SSHOST_CLI_INTERRUPT_H

#include <atomic>

namespace sshost::cli {

// Set by the first signal behind stop_on_signals.
const std::atomic<bool>& stop_flag();

// From now on the first SIGINT (Ctrl-C), SIGTERM or SIGHUP sets the flag, and a further SIGINT or SIGTERM ends the
// process as if nobody had cared. What the process was started to ignore, as by nohup, it ignores. To be called once
// there is something to save or to leave whole, and a loop that looks at the flag: before, the first one ends the
// process, whatever it waits for.
const std::atomic<bool>& stop_on_signals();

// From now on a closed pipe behind the output does not end the process: a training outlives its `| tee`.
void ignore_closed_pipes();

// 128 + the number of the signal that set the flag; that of SIGTERM where another process was told to stop.
int exit_code_of_stop();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_INTERRUPT_H
