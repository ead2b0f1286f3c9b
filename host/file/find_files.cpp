#include "file/find_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/lower_case.h"
#include "file/composed_name.h"
#include "file/path_pattern.h"

namespace sshost::file {

namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 13> kEndings = {".jpg",  ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".tif",
                                                       ".tiff", ".webp", ".ppm", ".pgm",  ".pbm", ".pnm"};

// Links among n folders can make n! ways of them, none of which is a circle.
constexpr int kMostWays = 4;

std::vector<fs::path> entries_of(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> entries;
  fs::directory_iterator entry(folder, error);
  for (const fs::directory_iterator end; !error && entry != end; entry.increment(error))
    entries.push_back(entry->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

// Walks the folders that one pattern without braces names.
class Search {
 public:
  explicit Search(std::map<fs::path, Seen>& seen) : seen_(seen) {}

  // `pattern` is what is left of it below `folder`, `name` what the stars before stood for.
  void walk(const fs::path& folder, std::string_view pattern, const std::string& name) {
    const size_t slash = pattern.find('/');
    const std::string_view part = pattern.substr(0, slash);
    const std::string_view rest = slash == std::string_view::npos ? "" : pattern.substr(slash + 1);
    if (slash != std::string_view::npos && part.find('*') == std::string_view::npos) {
      return walk(named(folder, part), rest, name);
    }
    if (!enter(folder)) return;
    if (slash == std::string_view::npos) {
      take_files(folder, part, name);
    } else if (part == "**") {
      take_tree(folder, pattern, rest, name);
    } else {
      take_folders(folder, part, rest, name);
    }
    way_.pop_back();
  }

 private:
  // The entry of this name, or of one that looks the same.
  static fs::path named(const fs::path& folder, std::string_view name) {
    std::error_code ignored;
    if (fs::exists(folder / name, ignored)) return folder / name;
    for (const fs::path& entry : entries_of(folder, ignored)) {
      if (composed_name(entry.filename().string()) == name) return entry;
    }
    return folder / name;
  }

  using Identity = std::pair<dev_t, ino_t>;

  // A folder on the way to the one that is read.
  struct Step {
    Identity identity;
    bool is_behind_link;
  };

  // False where it is no folder, or one that the way leads through already, or that links have led to often enough.
  bool enter(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) return false;
    const Identity identity{status.st_dev, status.st_ino};
    std::error_code ignored;
    const bool is_behind_link = !way_.empty() && (way_.back().is_behind_link || fs::is_symlink(folder, ignored));
    const bool is_on_way =
        std::any_of(way_.begin(), way_.end(), [&](const Step& step) { return step.identity == identity; });
    if (is_on_way || (is_behind_link && ++ways_[identity] > kMostWays)) {
      pass_over(SS_FILE_LOOP, folder);
      return false;
    }
    way_.push_back({identity, is_behind_link});
    return true;
  }

  std::vector<fs::path> list(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> entries = entries_of(folder, error);
    if (error) pass_over(SS_FILE_UNREADABLE, folder);
    return entries;
  }

  static bool is_hidden(const std::string& entry, std::string_view part) {
    return entry.starts_with('.') && part.starts_with('*');
  }

  void take_files(const fs::path& folder, std::string_view part, const std::string& name) {
    for (const fs::path& entry : list(folder)) {
      std::error_code ignored;
      const fs::file_status status = fs::status(entry, ignored);
      if (!fs::exists(status)) {
        pass_over(SS_FILE_BROKEN_LINK, entry);
      } else if (!fs::is_directory(status)) {
        take_file(entry, fs::is_regular_file(status), part, name);
      }
    }
  }

  void take_file(const fs::path& entry, bool is_regular, std::string_view part, const std::string& name) {
    const std::string text = composed_name(entry.filename().string());
    if (is_hidden(text, part)) return pass_over(SS_FILE_HIDDEN, entry);
    const auto stars = is_regular ? match_file_name(part, text) : std::nullopt;
    if (!stars) return pass_over(is_regular && names_an_image(entry) ? SS_FILE_IMAGE : SS_FILE_OTHER, entry);
    const std::string whole = name + *stars;
    seen_[entry] = {SS_FILE_FOUND, entry, whole.empty() ? whole : whole.substr(1)};
  }

  void take_folders(const fs::path& folder, std::string_view part, std::string_view rest, const std::string& name) {
    for (const fs::path& entry : list(folder)) {
      std::error_code ignored;
      const std::string text = composed_name(entry.filename().string());
      const auto stars = match_stars(part, text);
      if (!stars || !fs::is_directory(entry, ignored)) continue;
      if (is_hidden(text, part)) {
        pass_over(SS_FILE_HIDDEN, entry);
      } else {
        walk(entry, rest, name + *stars);
      }
    }
  }

  // `pattern` is "**/" and `rest`.
  void take_tree(const fs::path& folder, std::string_view pattern, std::string_view rest, const std::string& name) {
    for (const fs::path& entry : list(folder)) {
      std::error_code ignored;
      const std::string text = composed_name(entry.filename().string());
      if (!fs::is_directory(entry, ignored)) continue;
      if (text.front() == '.') {
        pass_over(SS_FILE_HIDDEN, entry);
      } else {
        walk(entry, pattern, name + "/" + text);
      }
    }
    const Step here = way_.back();
    way_.pop_back();  // `rest` begins in this very folder
    if (here.is_behind_link) --ways_[here.identity];
    walk(folder, rest, name);
    way_.push_back(here);
  }

  // What another pattern found stays found.
  void pass_over(ss_file_kind kind, const fs::path& path) { seen_.try_emplace(path, Seen{kind, path, {}}); }

  std::map<fs::path, Seen>& seen_;
  std::vector<Step> way_;
  std::map<Identity, int> ways_;  // how often each folder was come to by a link
};

// A folder stands for the images in it, and "**" at the end for those in all folders below.
std::string with_files(const fs::path& base, std::string pattern) {
  while (pattern.ends_with('/')) pattern.pop_back();
  const std::string_view twice = "**/**/";  // is any folders too, found in many ways
  for (size_t at = pattern.find(twice); at != std::string::npos; at = pattern.find(twice)) pattern.erase(at, 3);
  std::error_code ignored;
  const bool is_folder = pattern.find('*') == std::string::npos && fs::is_directory(base / pattern, ignored);
  const bool is_tree = pattern == "**" || pattern.ends_with("/**");
  if (pattern.empty()) return "*";
  return is_folder || is_tree ? pattern + "/*" : pattern;
}

}  // namespace

bool names_an_image(const fs::path& path) {
  const std::string ending = lower_case(path.extension().string());
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::vector<Seen> find_files(const fs::path& root, const std::string& pattern) {
  std::map<fs::path, Seen> seen;
  for (const std::string& each : expand_braces(composed_name(pattern))) {
    const bool is_absolute = each.starts_with('/');
    const fs::path base = is_absolute ? "/" : root;
    Search(seen).walk(base, with_files(base, is_absolute ? each.substr(1) : each), "");
  }
  std::vector<Seen> sorted;
  for (auto& [path, one] : seen) sorted.push_back(std::move(one));
  return sorted;
}

std::string_view words_of(ss_file_kind kind) {
  switch (kind) {
    case SS_FILE_IMAGE:
      return "images that no pattern matches";
    case SS_FILE_HIDDEN:
      return "hidden";
    case SS_FILE_BROKEN_LINK:
      return "links that lead nowhere";
    case SS_FILE_LOOP:
      return "links that lead back";
    case SS_FILE_UNREADABLE:
      return "folders that cannot be opened";
    case SS_FILE_FOUND:
      return "found";
    default:
      return "no images by their ending";
  }
}

std::string left_out_text(const std::vector<Seen>& seen) {
  std::map<ss_file_kind, std::pair<size_t, fs::path>> kinds;  // how many, and the first
  for (const Seen& each : seen) {
    if (each.kind == SS_FILE_FOUND) continue;
    ++kinds.try_emplace(each.kind, 0, each.path).first->second.first;
  }
  std::string text;
  for (const auto& [kind, files] : kinds) {
    text.append(text.empty() ? "" : ", ").append(std::to_string(files.first)).append(" ").append(words_of(kind));
    text.append(" (").append(files.first > 1 ? "such as " : "").append(files.second.string()).append(")");
  }
  return text;
}

}  // namespace sshost::file
