#include "plugin/open_libraries.h"

#include <sys/stat.h>

#include "plugin/refusal.h"

namespace sshost::plugin {

const ss_plugin& OpenLibraries::get(const std::filesystem::path& path, const std::function<const ss_plugin&()>& open) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) throw Refused("the file is gone");
  const std::scoped_lock lock(mutex_);
  const ss_plugin*& plugin = plugins_[{info.st_dev, info.st_ino}];
  if (plugin == nullptr) plugin = &open();
  return *plugin;
}

}  // namespace sshost::plugin
