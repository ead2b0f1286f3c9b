#include "plugin/known_libraries.h"

#include <sstream>
#include <string>
#include <system_error>

#include "base/error.h"
#include "file/regular_file.h"
#include "file/writable_file.h"
#include "plugin/user_folders.h"
#include "plugin/writers.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kMostBytes = 1 << 20;

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

bool KnownLibraries::has(std::string_view sha256, const fs::path& library) const {
  if (folder_.empty() || !is_sha256(sha256)) return false;
  const fs::path file = folder_ / sha256;
  std::error_code ignored;
  if (!fs::exists(file, ignored) || writable_by_others(file)) return false;
  std::istringstream lines(file::read_file(file, kMostBytes));
  for (std::string line; std::getline(lines, line);) {
    if (line == library) return true;
  }
  return false;
}

void KnownLibraries::add(std::string_view sha256, const fs::path& library) const {
  if (has(sha256, library)) return;
  if (folder_.empty()) throw Error("neither XDG_STATE_HOME nor HOME names a folder to keep it in");
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) throw Error("cannot make the folder " + folder_.string() + ": " + error.message());
  if (const auto reason = writable_by_others(folder_)) throw Error(*reason);
  if (library.string().find('\n') != std::string::npos) throw Error("its path has a line break");
  file::WritableFile(folder_ / sha256).append(library.string() + "\n");
}

}  // namespace sshost::plugin
