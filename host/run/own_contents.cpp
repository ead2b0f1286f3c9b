#include "run/own_contents.h"

#include <filesystem>
#include <string>
#include <system_error>

#include "base/error.h"

namespace sshost::run {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
  throw UsageError("output: " + path.string() + " is " + what +
                   "; what a run writes stays in its folder: remove it, or name another folder by --output");
}

void require(const fs::path& path, fs::file_type expected, const char* name) {
  std::error_code ignored;
  const fs::file_type found = fs::symlink_status(path, ignored).type();
  if (found == expected || found == fs::file_type::not_found) return;
  refuse(path, found == fs::file_type::symlink ? "a link" : std::string("no ") + name);
}

// Predictions lie in folders by their images' names. A link in a file's place is replaced, not followed.
void require_no_linked_folder(const fs::path& folder) {
  std::error_code error;
  for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_symlink(ignored) && entry->is_directory(ignored)) refuse(entry->path(), "a link to a folder");
  }
}

}  // namespace

void require_own_contents(const RunFolder& folder) {
  for (const fs::path& path : {folder.checkpoints(), folder.predictions()}) {
    require(path, fs::file_type::directory, "folder");
  }
  for (const fs::path& path : {folder.pipeline(), folder.log(), folder.metrics()}) {
    require(path, fs::file_type::regular, "regular file");
  }
  require_no_linked_folder(folder.predictions());
}

}  // namespace sshost::run
