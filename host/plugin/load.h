#ifndef SSHOST_PLUGIN_LOAD_H
#define SSHOST_PLUGIN_LOAD_H

#include <chrono>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

#include <sshost/abi/host.h>

#include "plugin/registry.h"

namespace sshost::plugin {

struct LoadRequest {
  std::vector<std::filesystem::path> search;  // folders; see default_search_path
  std::vector<std::filesystem::path> named;   // files and folders that the pipeline names
  const ss_host* host = nullptr;              // outlives every plugin: lives as long as the process
  std::function<bool(std::string_view)> has_operator;
  std::chrono::milliseconds probe_limit{60'000};  // for one library; generous, since machines may be busy
};

// Finds libraries, and takes each through: the ELF note, a trial in a child process, loading, the descriptor, what it
// needs of this host. One that fails is a Refusal in the registry, with what was expected and what was found; it keeps
// nothing else from loading. Components of kinds that this host does not know are left out, with a debug line.
// Called once, on the main thread, before other threads are started (see probe.h).
Registry load_plugins(const LoadRequest& request);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_LOAD_H
