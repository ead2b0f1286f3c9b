#ifndef SSHOST_CLI_CRASH_H
#define SSHOST_CLI_CRASH_H

namespace sshost::cli {

// From now on a crash says with which signal, and in which component of a plugin, on standard error. Then the process
// ends as it would have done.
void name_crashes();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_CRASH_H
