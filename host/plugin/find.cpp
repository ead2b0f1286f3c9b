#include "plugin/find.h"

#include <dlfcn.h>
#include <link.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <system_error>

#include "plugin/writers.h"

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

// Of an installation, from bin/, lib/ or libexec/sshost/.
fs::path prefix_of(const fs::path& folder) {
  const fs::path above = folder.parent_path();
  return above.filename() == "libexec" ? above.parent_path() : above;
}

}  // namespace

void LibraryFinder::add_installed(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return;
  add_folder(folder, {.is_installed = true, .is_beside = false, .is_wanted = false});
}

void LibraryFinder::add_search_folder(const fs::path& folder) {
  if (!folder.is_absolute()) {
    return refusals_.push_back({folder,
                                "expected an absolute path in SSHOST_PLUGIN_PATH: what a relative one means "
                                "changes with the working directory"});
  }
  std::error_code ignored;
  if (!fs::is_directory(folder, ignored)) return;
  if (const auto reason = writable_by_others(folder)) return refusals_.push_back({folder, *reason});
  add_folder(folder, {.is_beside = false, .is_wanted = false});
}

void LibraryFinder::add_beside(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) add_folder(folder, {.is_wanted = false});
}

void LibraryFinder::add_named(const fs::path& path) { add_path(path, {.is_beside = false, .is_wanted = false}); }

void LibraryFinder::add_wanted(const fs::path& path) { add_path(path, {.is_beside = false}); }

void LibraryFinder::add_path(const fs::path& path, FoundLibrary how) {
  std::error_code error;
  if (fs::is_directory(path, error)) {
    how.origin = Origin::kPipelineFolder;
    return add_folder(path, how);
  }
  how.origin = Origin::kPipelineFile;
  if (fs::exists(path, error)) return add_file(path, how);
  refusals_.push_back({path, "expected a plugin or a folder of plugins, found nothing there", how.origin});
}

void LibraryFinder::add_folder(const fs::path& folder, const FoundLibrary& how) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == ".so" && !entry->is_directory(ignored)) files.push_back(entry->path());
  }
  if (error) refusals_.push_back({folder, "the folder cannot be read: " + error.message(), how.origin});
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) add_file(file, how);
}

void LibraryFinder::add_file(const fs::path& file, FoundLibrary how) {
  std::error_code error;
  how.path = fs::canonical(file, error);
  how.written = file;
  struct stat info {};
  if (error || stat(how.path.c_str(), &info) != 0) {
    refusals_.push_back({file, "the file cannot be found: " + (error ? error.message() : "it is gone"), how.origin});
    return;
  }
  const Identity identity{info.st_dev, info.st_ino};
  const auto known = std::find(identities_.begin(), identities_.end(), identity);
  if (known != identities_.end()) {
    FoundLibrary& same = found_[static_cast<size_t>(known - identities_.begin())];
    same.origin = std::max(same.origin, how.origin);
    same.is_installed = same.is_installed || how.is_installed;
    same.is_beside = same.is_beside && how.is_beside;
    same.is_wanted = same.is_wanted && how.is_wanted;
    return;
  }
  identities_.push_back(identity);
  found_.push_back(std::move(how));
}

fs::path installed_plugins() {
  const fs::path folder = own_folder();
  return folder.empty() ? folder : prefix_of(folder) / "lib" / "sshost" / "plugins";
}

std::vector<fs::path> default_search_path() {
  std::vector<fs::path> folders;
  if (fs::path installed = installed_plugins(); !installed.empty()) folders.push_back(std::move(installed));
  if (const char* variable = std::getenv("SSHOST_PLUGIN_PATH")) {
    std::istringstream parts{std::string(variable)};
    for (std::string part; std::getline(parts, part, ':');) {
      if (!part.empty()) folders.emplace_back(part);
    }
  }
  return folders;
}

}  // namespace sshost::plugin
