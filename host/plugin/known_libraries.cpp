#include "plugin/known_libraries.h"

#include <system_error>

#include "base/error.h"
#include "file/atomic_file.h"
#include "plugin/user_folders.h"
#include "plugin/writers.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

// What is no hash must not become a path.
bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

fs::path default_folder() {
  const fs::path state = user_state();
  return state.empty() ? state : state / "libraries";
}

}  // namespace

KnownLibraries::KnownLibraries() : folder_(default_folder()) {}

bool KnownLibraries::has(std::string_view sha256) const {
  if (folder_.empty() || !is_sha256(sha256)) return false;
  std::error_code ignored;
  return fs::is_regular_file(folder_ / sha256, ignored) && !writable_by_others(folder_ / sha256);
}

void KnownLibraries::add(std::string_view sha256, const fs::path& library) const {
  if (has(sha256)) return;
  if (folder_.empty()) throw Error("neither XDG_STATE_HOME nor HOME names a folder to keep it in");
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw Error("cannot make the folder " + folder_.string() + ": " + error.message());
  if (const auto reason = writable_by_others(folder_)) throw Error(*reason);
  file::write_file(folder_ / sha256, library.string() + "\n");
}

}  // namespace sshost::plugin
