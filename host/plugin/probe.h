#ifndef SSHOST_PLUGIN_PROBE_H
#define SSHOST_PLUGIN_PROBE_H

#include <chrono>
#include <filesystem>

#include <sshost/abi/host.h>

namespace sshost::plugin {

// Tries all that loading a plugin does in a child process first: the dynamic linker, static constructors, the entry
// function, reading the descriptor. A library that dies, hangs or ends the process there takes only the child with it.
// Throws Refused with the reason, or with the signal, the stage and what the child printed.
// The child is a fork that goes on running; signal handlers and children of this process are left alone. One that waits
// for a lock that another thread of this process held just then is given up and tried anew.
void probe(const std::filesystem::path& path, const ss_host& host, std::chrono::milliseconds limit);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_PROBE_H
