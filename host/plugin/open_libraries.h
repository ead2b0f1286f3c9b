#ifndef SSHOST_PLUGIN_OPEN_LIBRARIES_H
#define SSHOST_PLUGIN_OPEN_LIBRARIES_H

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <utility>

#include <sshost/abi/plugin.h>

namespace sshost::plugin {

// The libraries that have been opened for one ss_host. A library is never unloaded, and its entry is called once: who
// asks for it again gets what the first one got. Threads: any; one library is opened at a time.
class OpenLibraries {
 public:
  // The plugin of the file at `path`, by whatever name the file was opened; else what `open` returns, which is kept.
  // What it throws is not kept: it is tried anew the next time.
  const ss_plugin& get(const std::filesystem::path& path, const std::function<const ss_plugin&()>& open);

 private:
  std::mutex mutex_;
  std::map<std::pair<dev_t, ino_t>, const ss_plugin*> plugins_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_OPEN_LIBRARIES_H
