#include "plugin/find.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>

namespace sshost::plugin {

namespace fs = std::filesystem;

namespace {

// Where the file lies that holds this code, the program in bin/ or libsshost.so in lib/; empty where that is not known.
fs::path own_folder() {
  Dl_info info{};
  link_map* map = nullptr;
  std::error_code error;
  void* here = reinterpret_cast<void*>(&own_folder);
  if (dladdr1(here, &info, reinterpret_cast<void**>(&map), RTLD_DL_LINKMAP) == 0) return {};
  const bool is_program = map->l_name[0] == '\0';
  const fs::path file = is_program ? fs::read_symlink("/proc/self/exe", error) : fs::canonical(map->l_name, error);
  return error ? fs::path() : file.parent_path();
}

}  // namespace

void LibraryFinder::add_search_folder(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) add_folder(folder, Origin::kSearchPath);
}

void LibraryFinder::add_named(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return add_folder(path, Origin::kPipelineFolder);
  if (fs::exists(path, error)) return add_file(path, Origin::kPipelineFile);
  refusals_.push_back({path, "expected a plugin or a folder of plugins, found nothing there", Origin::kPipelineFile});
}

bool LibraryFinder::has(const fs::path& canonical) const {
  return std::any_of(found_.begin(), found_.end(),
                     [&](const FoundLibrary& library) { return library.path == canonical; });
}

void LibraryFinder::add_folder(const fs::path& folder, Origin origin) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == ".so" && !entry->is_directory(ignored)) files.push_back(entry->path());
  }
  if (error) refusals_.push_back({folder, "the folder cannot be read: " + error.message(), origin});
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) add_file(file, origin);
}

void LibraryFinder::add_file(const fs::path& file, Origin origin) {
  std::error_code error;
  const fs::path path = fs::canonical(file, error);
  struct stat info {};
  if (error || stat(path.c_str(), &info) != 0) {
    refusals_.push_back({file, "the file cannot be found: " + (error ? error.message() : "it is gone"), origin});
    return;
  }
  const Identity identity{info.st_dev, info.st_ino};
  const auto known = std::find(identities_.begin(), identities_.end(), identity);
  if (known != identities_.end()) {
    Origin& best = found_[static_cast<size_t>(known - identities_.begin())].origin;
    best = std::max(best, origin);
    return;
  }
  identities_.push_back(identity);
  found_.push_back({path, origin});
}

std::vector<fs::path> default_search_path() {
  std::vector<fs::path> folders;
  const fs::path folder = own_folder();
  if (!folder.empty()) folders.push_back(folder.parent_path() / "lib" / "sshost" / "plugins");
  if (const char* variable = std::getenv("SSHOST_PLUGIN_PATH")) {
    std::istringstream parts{std::string(variable)};
    for (std::string part; std::getline(parts, part, ':');) {
      if (!part.empty()) folders.emplace_back(part);
    }
  }
  return folders;
}

}  // namespace sshost::plugin
