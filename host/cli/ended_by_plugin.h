#ifndef SSHOST_CLI_ENDED_BY_PLUGIN_H
#define SSHOST_CLI_ENDED_BY_PLUGIN_H

namespace sshost::cli {

// A plugin that ends the process, by exit, quick_exit, _exit or _Exit and with whatever code, is a failure with the
// name of the component that is at work on that thread, or of the library that calls: else exit(0) would look like
// success. The program has functions of these names of its own for that, which this gives the way in which to tell.
void tell_of_ends_by_plugins(bool as_json);

}  // namespace sshost::cli

#endif  // SSHOST_CLI_ENDED_BY_PLUGIN_H
