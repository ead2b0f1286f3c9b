#ifndef SSHOST_CLI_UNCAUGHT_H
#define SSHOST_CLI_UNCAUGHT_H

#include "cli/failure.h"

namespace sshost::cli {

// Called where an exception has been caught: what it says, and which exit code it means. Memory that is not there
// may leave no room for its text.
Failure current_failure();

// From now on an exception that nothing catches (thrown where none may be, or on a thread) ends the process as one does
// that main catches: told of, with the component at work on that thread, and not by an abort.
void tell_uncaught();

}  // namespace sshost::cli

#endif  // SSHOST_CLI_UNCAUGHT_H
