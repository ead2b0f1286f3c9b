// Files of a data set: found by patterns such as "images/{split}/*.jpg", paired, or named by a list.
#ifndef SSHOST_FILES_HPP
#define SSHOST_FILES_HPP

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "dataset.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// Files by what the stars of a pattern stood for, joined with '/'.
using Files = std::map<std::string, std::filesystem::path>;

namespace detail {

// What the stars of `pattern` stand for in `text`, each behind a '/'; the first star takes as much as it can.
inline std::optional<std::string> match_stars(std::string_view pattern, std::string_view text) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text ? std::optional<std::string>("") : std::nullopt;
  if (text.substr(0, star) != pattern.substr(0, star)) return std::nullopt;
  const std::string_view rest = text.substr(star);
  for (std::size_t taken = rest.size() + 1; taken-- > 0;) {
    if (const auto behind = match_stars(pattern.substr(star + 1), rest.substr(taken))) {
      return "/" + std::string(rest.substr(0, taken)) + *behind;
    }
  }
  return std::nullopt;
}

// Adds what matches below `folder`; `key` is what the stars stood for so far.
inline void search_files(const std::filesystem::path& folder, std::string_view pattern, const std::string& key,
                         Files& found) {
  const std::size_t slash = pattern.find('/');
  const bool last = slash == std::string_view::npos;
  const std::string_view name = pattern.substr(0, slash);
  if (!last && name.find('*') == std::string_view::npos) {
    return search_files(folder / name, pattern.substr(slash + 1), key, found);
  }
  std::error_code unreadable;  // a folder that is not there holds nothing
  for (const std::filesystem::directory_entry& entry : std::filesystem::directory_iterator(folder, unreadable)) {
    const std::string text = entry.path().filename().string();
    const std::optional<std::string> stars = match_stars(name, text);
    if (!stars || (text.front() == '.' && name.front() == '*')) continue;
    if (!last) {
      search_files(entry.path(), pattern.substr(slash + 1), key + *stars, found);
    } else if (std::error_code broken_link; entry.is_regular_file(broken_link)) {
      found.emplace((key + *stars).substr(1), entry.path());
    }
  }
}

// At most 20 of `lines`, each on a line of its own.
inline std::string first_lines(const std::vector<std::string>& lines) {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (std::size_t i = 0; i < lines.size() && i < kShown; ++i) text.append("\n  ").append(lines[i]);
  if (lines.size() > kShown) text.append("\n  and ").append(std::to_string(lines.size() - kShown)).append(" more");
  return text;
}

}  // namespace detail

// `pattern` with each "{split}" replaced.
inline std::string with_split(std::string pattern, const std::string& split) {
  const std::string name = "{split}";
  for (std::size_t at = pattern.find(name); at != std::string::npos; at = pattern.find(name, at + split.size())) {
    pattern.replace(at, name.size(), split);
  }
  return pattern;
}

// The files under `root` that match: "a/*/*_left.png" finds a/rome/rome_1_left.png as "rome/rome_1". A star matches any
// text without '/', also in the names of folders; names that begin with a dot are passed over.
inline Files find_files(const std::filesystem::path& root, const std::string& pattern) {
  Files found;
  detail::search_files(root, pattern, "", found);
  return found;
}

// The lines of a list without white space around them; empty ones are left out. Nothing where there is no such file.
inline std::optional<std::vector<std::string>> read_list(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::vector<std::string> lines;
  std::string line;
  while (std::getline(file, line)) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    lines.push_back(line.substr(first, line.find_last_not_of(" \t\r") - first + 1));
  }
  return lines;
}

// Images and labels, wherever they may lie under `root`.
struct PairPatterns {
  std::filesystem::path root;
  std::vector<std::string> images;  // patterns: the first that finds a name decides
  std::vector<std::string> labels;  // likewise; empty: there are none
};

namespace detail {

inline Files find_any(const std::filesystem::path& root, const std::vector<std::string>& patterns) {
  Files found;
  std::string tried;
  for (const std::string& pattern : patterns) {
    found.merge(find_files(root, pattern));
    tried.append(tried.empty() ? "" : " or ").append((root / pattern).string());
  }
  if (found.empty()) throw Error("no file matches " + tried, SS_NOT_FOUND);
  return found;
}

inline void add_lonely(const Files& files, const Files& others, const std::string& what,
                       std::vector<std::string>& lines) {
  for (const auto& [name, path] : files) {
    if (!others.contains(name)) lines.push_back(path.string() + what);
  }
}

}  // namespace detail

// What becomes of files without a partner.
enum class Unpaired { kStop, kSkip };

// Every image with the label of the same name, sorted by name. Throws with the files that have no partner, unless they
// are to be skipped.
inline std::vector<SampleInfo> pair_all(const PairPatterns& patterns, Unpaired unpaired = Unpaired::kStop) {
  const Files images = detail::find_any(patterns.root, patterns.images);
  std::vector<SampleInfo> samples;
  if (patterns.labels.empty()) {
    for (const auto& [name, path] : images) samples.push_back({name, path.string(), ""});
    return samples;
  }
  const Files labels = detail::find_any(patterns.root, patterns.labels);
  std::vector<std::string> lonely;
  detail::add_lonely(images, labels, " has no label", lonely);
  detail::add_lonely(labels, images, " has no image", lonely);
  for (const auto& [name, path] : images) {
    const auto label = labels.find(name);
    if (label != labels.end()) samples.push_back({name, path.string(), label->second.string()});
  }
  const bool stops = unpaired == Unpaired::kStop || samples.empty();
  if (!lonely.empty() && stops) {
    throw Error("files without a partner:" + detail::first_lines(lonely), SS_IO);
  }
  return samples;
}

// The samples with these names, in this order; other files may lie beside them. Throws with the names that have no
// image, or no label.
inline std::vector<SampleInfo> pair_named(const PairPatterns& patterns, const std::vector<std::string>& names) {
  const bool labelled = !patterns.labels.empty();
  const Files images = detail::find_any(patterns.root, patterns.images);
  const Files labels = labelled ? detail::find_any(patterns.root, patterns.labels) : Files{};
  std::vector<SampleInfo> samples;
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    const auto image = images.find(name);
    const auto label = labels.find(name);
    if (image == images.end()) missing.push_back(name + " has no image");
    if (labelled && label == labels.end()) missing.push_back(name + " has no label");
    if (image == images.end() || (labelled && label == labels.end())) continue;
    samples.push_back({name, image->second.string(), labelled ? label->second.string() : ""});
  }
  if (missing.empty()) return samples;
  throw Error("files that the list names are not in " + patterns.root.string() + ":" + detail::first_lines(missing),
              SS_NOT_FOUND);
}

// Those of the list where there is one, and all of them otherwise.
inline std::vector<SampleInfo> pair_listed(const PairPatterns& patterns, const std::filesystem::path& list) {
  const auto names = read_list(list);
  return names ? pair_named(patterns, *names) : pair_all(patterns);
}

// For a data set that may lie in a folder of its own below `root`, or be `root` itself.
inline std::filesystem::path folder_within(const std::filesystem::path& root, const std::string& name) {
  std::error_code ignored;
  return std::filesystem::is_directory(root / name, ignored) ? root / name : root;
}

}  // namespace v1
}  // namespace ss

#endif
