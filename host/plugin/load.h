#ifndef SSHOST_PLUGIN_LOAD_H
#define SSHOST_PLUGIN_LOAD_H

#include <chrono>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include <sshost/abi/host.h>

#include "plugin/open_libraries.h"
#include "plugin/registry.h"
#include "plugin/trust.h"

namespace sshost::plugin {

struct LoadRequest {
  std::vector<std::filesystem::path> search;  // folders; see default_search_path
  std::vector<std::filesystem::path> named;   // files and folders that the user names, or the user's pipeline
  const ss_host* host = nullptr;              // outlives every plugin: lives as long as the process
  OpenLibraries* open = nullptr;              // of that host; nullptr: nothing has been opened for it before
  std::function<bool(std::string_view)> has_operator;
  std::chrono::milliseconds probe_limit{60'000};   // for one library; generous, since machines may be busy
  std::vector<std::filesystem::path> beside = {};  // folders of pipelines
  std::vector<std::filesystem::path> wanted = {};  // files and folders that a checkpoint names
  Trust trust = {};                                // which of those that only it names are loaded
};

// Finds libraries, and takes each through: the ELF note, whether others may write it or what it loads, trust where only
// a checkpoint names it, a trial in a child process, loading, the descriptor, what it needs of this host. What is
// installed with the program is not asked for its writers. One that fails is a Refusal in the registry, with what was
// expected and what was found; it keeps nothing else from loading.
// Components of kinds that this host does not know are left out (Registry::left_out); a library that has no others is
// refused. What loading changes in the process is put back, with a warning.
// A library that is open already is not tried and asked again. Threads: any (but see probe.h for what is new).
Registry load_plugins(const LoadRequest& request);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LOAD_H
