#ifndef SSHOST_PLUGIN_LIBRARY_H
#define SSHOST_PLUGIN_LIBRARY_H

#include <filesystem>

#include <sshost/abi/plugin.h>

namespace sshost::plugin {

// Loads the library at `path` (canonical) into this process, all symbols bound now and kept to itself, and gives its
// entry function. It is never unloaded: an autograd node, a deleter or a type of its own may outlive all that we see.
// Throws Refused with the dynamic linker's reason. A library's static constructors run here: see probe.h.
ss_plugin_entry_function open_library(const std::filesystem::path& path);

// The path of the library that open_library has loaded and that holds this code, or nullptr. A signal handler may call
// it as far as dladdr may be called from one: on the way to the end.
const char* plugin_of_address(const void* address);

// Calls the entry function. The descriptor is not checked, and may be null only by way of Refused with the message that
// the plugin left; an exception that leaves the function is Refused too.
const ss_plugin* call_entry(ss_plugin_entry_function entry, const ss_host& host);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LIBRARY_H
