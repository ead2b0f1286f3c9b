#include "plugin/trust.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "config/checker.h"
#include "config/parse_yaml.h"
#include "config/schema.h"
#include "file/regular_file.h"
#include "plugin/library_hash.h"
#include "plugin/refusal.h"
#include "plugin/user_folders.h"
#include "plugin/writers.h"

namespace sshost::plugin {
namespace {

namespace fs = std::filesystem;

bool is_below(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

const config::Schema& configuration_schema() {
  static const config::Schema schema(
      {config::path("trusted_plugin_folders", "", "where plugins may be that checkpoints ask for").list()});
  return schema;
}

// The folders that exist, of those that the file names.
std::vector<fs::path> read_trusted_folders(const fs::path& file) {
  config::Problems problems;
  const std::string name = file.string();
  std::vector<fs::path> folders;
  try {
    const config::Node node = config::parse_yaml(file::read_file(file, config::kLongestYaml), name, "", problems);
    const auto value =
        config::check_options(node, &configuration_schema().abi(), "sshost's configuration", {}, problems);
    problems.throw_if_any();
    for (const std::string& path : config::strings_of(value.at("trusted_plugin_folders"))) {
      std::error_code error;
      const fs::path folder = fs::canonical(path, error);
      if (!error) folders.push_back(folder);
    }
  } catch (const config::SyntaxError& error) {
    throw UsageError(config::to_string(error.place()) + ": " + error.what());
  }
  return folders;
}

// Before it is read: a file may claim any size.
void require_size(const fs::path& library) {
  constexpr uintmax_t kMostBytes = uintmax_t{1} << 30;
  std::error_code ignored;
  const uintmax_t size = fs::file_size(library, ignored);
  if (size <= kMostBytes) return;
  throw Refused("only the checkpoint asks for " + library.string() + ", which has " + std::to_string(size) +
                " bytes; expected at most " + std::to_string(kMostBytes) + " of a plugin");
}

}  // namespace

Trust Trust::of_user() {
  Trust trust;
  trust.known_ = KnownLibraries();
  const fs::path configuration = user_configuration();
  const fs::path file = configuration / "config.yaml";
  std::error_code ignored;
  if (configuration.empty() || !fs::exists(file, ignored)) return trust;
  if (const auto reason = writable_by_others(file)) throw UsageError(*reason);
  trust.folders_ = read_trusted_folders(file);
  return trust;
}

void Trust::allow(const fs::path& library) {
  std::error_code error;
  const fs::path canonical = fs::canonical(library, error);
  if (error) throw UsageError("--trust " + library.string() + ": expected a plugin's library: " + error.message());
  libraries_.push_back(canonical);
}

bool Trust::is_named(const fs::path& library) const {
  return std::find(libraries_.begin(), libraries_.end(), library) != libraries_.end() ||
         std::any_of(folders_.begin(), folders_.end(),
                     [&](const fs::path& folder) { return is_below(library, folder); });
}

// Empty where it is known, and stays what was hashed until it is loaded: only this user and root can change it.
std::string Trust::why_not_known(const fs::path& file, const std::string& sha256) const {
  if (const auto reason = changeable_by_others(file)) return *reason;
  return known_.has(sha256, file) ? "" : "none of your runs has loaded " + file.string();
}

void Trust::require(const fs::path& library, const std::vector<fs::path>& dependencies) const {
  if (is_named(library)) return;
  require_size(library);
  const std::string hash = sha256_of(library);
  std::string reason = why_not_known(library, hash);
  for (size_t i = 0; i < dependencies.size() && reason.empty(); ++i) {
    require_size(dependencies[i]);
    reason = why_not_known(dependencies[i], sha256_of(dependencies[i]));
  }
  if (reason.empty()) return;
  const auto expected = expected_.find(library.string());
  const bool has_changed = expected != expected_.end() && expected->second != hash;
  std::string text = "a library is code, and only the checkpoint asks for this one (SHA-256 " + hash;
  if (has_changed) text += "; the checkpoint was made with another one, " + expected->second;
  throw Refused(text + "), and " + reason + "; where you know that it is good, allow it by `--trust " +
                library.string() + "`");
}

}  // namespace sshost::plugin
