#include "pattern.h"

#include <optional>
#include <string_view>

namespace folder {

namespace {

namespace fs = std::filesystem;

using Files = std::map<std::string, fs::path>;

// What the stars of `pattern` stand for in `text`, each behind a '/'; the first star takes as much as it can.
std::optional<std::string> match(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text ? std::optional<std::string>("") : std::nullopt;
  if (text.substr(0, star) != pattern.substr(0, star)) return std::nullopt;
  const std::string_view rest = text.substr(star);
  for (std::size_t taken = rest.size() + 1; taken-- > 0;) {
    if (const auto behind = match(pattern.substr(star + 1), rest.substr(taken))) {
      return "/" + std::string(rest.substr(0, taken)) + *behind;
    }
  }
  return std::nullopt;
}

// Adds what matches below `folder`; `key` is what the stars stood for so far.
void search(const fs::path& folder, std::string_view pattern, const std::string& key, Files& found) {
  const std::size_t slash = pattern.find('/');
  const bool last = slash == std::string_view::npos;
  const std::string_view name = pattern.substr(0, slash);
  if (!last && name.find('*') == std::string_view::npos) {
    return search(folder / name, pattern.substr(slash + 1), key, found);
  }
  std::error_code unreadable;  // a folder that is not there holds nothing
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, unreadable)) {
    const std::string text = entry.path().filename().string();
    const std::optional<std::string> stars = match(name, text);
    if (!stars || (text.front() == '.' && name.front() == '*')) continue;
    if (!last) {
      search(entry.path(), pattern.substr(slash + 1), key + *stars, found);
    } else if (entry.is_regular_file()) {
      found.emplace((key + *stars).substr(1), entry.path());
    }
  }
}

}  // namespace

std::string with_split(std::string pattern, const std::string& split) {
  const std::string name = "{split}";
  for (std::size_t at = pattern.find(name); at != std::string::npos; at = pattern.find(name, at + split.size())) {
    pattern.replace(at, name.size(), split);
  }
  return pattern;
}

Files find_files(const fs::path& root, const std::string& pattern) {
  Files found;
  search(root, pattern, "", found);
  return found;
}

}  // namespace folder
