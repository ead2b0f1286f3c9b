#include "plugin/dependencies.h"

#include <dlfcn.h>

#include <algorithm>
#include <optional>
#include <string>
#include <system_error>

#include "plugin/elf_needs.h"
#include "plugin/refusal.h"
#include "plugin/writers.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMostFiles = 1000;

// The linker takes it then, whatever lies in a folder.
bool is_loaded(const std::string& name) {
  void* handle = dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle != nullptr) dlclose(handle);
  return handle != nullptr;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// Where the files are that libraries need.
class Search {
 public:
  void add_needs_of(const fs::path& library, std::vector<std::string> inherited) {
    const ElfNeeds needs = read_needs(library);
    if (needs.runpath.empty()) inherited.insert(inherited.begin(), needs.rpath.begin(), needs.rpath.end());
    const std::vector<std::string>& folders = needs.runpath.empty() ? inherited : needs.runpath;
    for (const std::string& name : needs.libraries) {
      if (is_loaded(name)) continue;
      if (const auto file = find(name, folders, library)) add(*file, inherited);
    }
  }

  std::vector<fs::path> take() { return std::move(files_); }

 private:
  void add(const fs::path& file, const std::vector<std::string>& inherited) {
    if (const auto reason = writable_by_others(file)) throw Refused("it needs " + file.string() + ", but " + *reason);
    const fs::path canonical = fs::canonical(file);
    if (std::find(files_.begin(), files_.end(), canonical) != files_.end()) return;
    if (files_.size() == kMostFiles) throw Refused("it needs more libraries than any plugin");
    files_.push_back(canonical);
    add_needs_of(canonical, inherited);
  }

  // The file; nullopt where the system's folders are left to be looked in.
  static std::optional<fs::path> find(const std::string& name, const std::vector<std::string>& folders,
                                      const fs::path& library) {
    std::error_code ignored;
    if (name.find('/') != std::string::npos) {
      const fs::path file = expanded(name, name, library);
      return fs::exists(file, ignored) ? std::optional(file) : std::nullopt;
    }
    for (const std::string& each : folders) {
      const fs::path folder = expanded(each, name, library);
      if (fs::exists(folder / name, ignored)) return folder / name;
      if (const auto reason = others_may_add_to(folder)) {
        throw Refused("it looks for " + name + " in " + folder.string() + ", but " + *reason);
      }
    }
    return std::nullopt;
  }

  static fs::path expanded(std::string path, const std::string& name, const fs::path& library) {
    const std::string written = path, origin = library.parent_path().string();
    replace_all(path, "${ORIGIN}", origin);
    replace_all(path, "$ORIGIN", origin);
    if (path.starts_with('/') && path.find('$') == std::string::npos) return path;
    throw Refused(
        "it looks for " + name + " in \"" + written +
        "\"; expected an absolute path, or $ORIGIN, in the RUNPATH that it is linked with: what another means "
        "changes with the working directory or the machine");
  }

  std::vector<fs::path> files_;
};

}  // namespace

std::vector<fs::path> dependencies_of(const fs::path& library) {
  Search search;
  search.add_needs_of(library, {});
  return search.take();
}

}  // namespace sshost::plugin
