// Files of a data set: found by patterns such as "images/{split}/*.jpg", paired, or named by a list.
#ifndef SSHOST_FILES_HPP
#define SSHOST_FILES_HPP

#include <sshost/abi/files.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "dataset.hpp"
#include "name_list.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

// Files by what the stars of a pattern stood for, joined with '/'. More than one where they differ in their ending
// alone.
using Files = std::map<std::string, std::vector<std::filesystem::path>>;

// What lies beside the files that a pattern finds.
struct PassedOver {
  ss_file_kind kind;
  std::filesystem::path path;
};

struct FoundFiles {
  Files files;
  std::vector<PassedOver> passed_over;
};

namespace detail {

inline ss_status take_file(void* self, ss_file_kind kind, ss_string path, ss_string name) {
  return guarded("file", [&] {
    auto& found = *static_cast<FoundFiles*>(self);
    const std::filesystem::path where(std::string(view(path)));
    if (kind == SS_FILE_FOUND) {
      found.files[std::string(view(name))].push_back(where);
    } else {
      found.passed_over.push_back({kind, where});
    }
  });
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

// Whether "{split}" stands in any of them.
inline bool names_split(const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [](const std::string& pattern) { return pattern.find("{split}") != std::string::npos; });
}

// The files under `root` that match, by the rules of abi/files.h: "a/*/*_left.png" finds a/rome/rome_1_left.png as
// "rome/rome_1".
inline FoundFiles find_files(const std::filesystem::path& root, const std::string& pattern) {
  FoundFiles found;
  const ss_file_sink sink{&found, &detail::take_file};
  const std::string folder = root.string();
  const auto& table = detail::capability<SS_FILES_1, ss_files_table>();
  detail::check(table.find(detail::to_abi(folder), detail::to_abi(pattern), &sink));
  return found;
}

// "links that lead nowhere": what a kind of them is called in messages.
inline std::string words_of(ss_file_kind kind) {
  return std::string(detail::view(detail::capability<SS_FILES_1, ss_files_table>().words(kind)));
}

// Images and labels, wherever they may lie under `root`.
struct PairPatterns {
  std::filesystem::path root;
  std::vector<std::string> images{};  // patterns: the first that finds a name decides
  std::vector<std::string> labels{};  // likewise; empty: there are none
  bool are_equal = false;             // no pattern goes before another: two files of one name are an error
  bool labels_of_more = false;        // among the labels lie those of other splits, whose images are not here
};

// Images with the labels of the same name, and what is left of both.
struct Pairs {
  std::vector<SampleInfo> samples;         // sorted by name
  std::vector<std::string> lonely_images;  // paths
  std::vector<std::string> lonely_labels;
  std::vector<PassedOver> passed_over;
};

namespace detail {

inline void refuse_twins(const Files& files) {
  std::vector<std::string> twins;
  for (const auto& [name, paths] : files) {
    if (paths.size() > 1) twins.push_back(paths[0].string() + " and " + paths[1].string());
  }
  if (twins.empty()) return;
  throw Error("files of one name, of which none goes before the other; a pattern with an ending, as *.jpg, chooses:" +
              first_lines(twins));
}

// What may have been meant, where nothing matches.
inline std::string hint(const std::vector<PassedOver>& passed_over) {
  std::size_t images = 0;
  std::string first;
  for (const PassedOver& each : passed_over) {
    if (each.kind == SS_FILE_IMAGE && images++ == 0) first = each.path.string();
  }
  return images == 0 ? "" : ", but " + std::to_string(images) + " other images lie there, such as " + first;
}

inline FoundFiles find_any(const PairPatterns& from, const std::vector<std::string>& patterns) {
  FoundFiles all;
  std::string tried;
  for (const std::string& pattern : patterns) {
    FoundFiles found = find_files(from.root, pattern);
    for (auto& [name, paths] : found.files) {
      auto& known = all.files[name];
      if (known.empty() || from.are_equal) known.insert(known.end(), paths.begin(), paths.end());
    }
    all.passed_over.insert(all.passed_over.end(), found.passed_over.begin(), found.passed_over.end());
    tried.append(tried.empty() ? "" : " or ").append((from.root / pattern).string());
  }
  for (auto& [name, paths] : all.files) {  // two patterns may find one file
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  }
  if (all.files.empty()) throw Error("no file matches " + tried + hint(all.passed_over), SS_NOT_FOUND);
  return all;
}

// Every file is a sample; those of one name keep their endings.
inline std::vector<SampleInfo> samples_without_labels(const Files& images) {
  std::vector<SampleInfo> samples;
  for (const auto& [name, paths] : images) {
    for (const std::filesystem::path& path : paths) {
      samples.push_back({paths.size() > 1 ? name + path.extension().string() : name, path.string(), ""});
    }
  }
  return samples;
}

// What is passed over by one pattern and found by another is in use.
inline std::vector<PassedOver> unused(const FoundFiles& images, const FoundFiles& labels) {
  std::set<std::filesystem::path> used;
  for (const Files* files : {&images.files, &labels.files}) {
    for (const auto& [name, paths] : *files) used.insert(paths.begin(), paths.end());
  }
  std::vector<PassedOver> left;
  for (const auto* passed : {&images.passed_over, &labels.passed_over}) {
    for (const PassedOver& each : *passed) {
      if (used.insert(each.path).second) left.push_back(each);
    }
  }
  return left;
}

inline std::vector<std::string> lines_of(const std::vector<std::string>& paths, const char* what) {
  std::vector<std::string> lines;
  for (const std::string& path : paths) lines.push_back(path + what);
  return lines;
}

}  // namespace detail

namespace detail {

// What the patterns of the labels find, too, is a label: "*.png" beside "*_mask.png".
inline void leave_out_labels(Files& images, const Files& labels) {
  std::set<std::filesystem::path> taken;
  for (const auto& [name, paths] : labels) taken.insert(paths.begin(), paths.end());
  for (auto& [name, paths] : images) {
    std::erase_if(paths, [&](const std::filesystem::path& path) { return taken.contains(path); });
  }
  std::erase_if(images, [](const auto& each) { return each.second.empty(); });
}

}  // namespace detail

// Throws where nothing is found, or several files have one name.
inline Pairs pair_files(const PairPatterns& patterns) {
  FoundFiles images = detail::find_any(patterns, patterns.images);
  if (patterns.labels.empty()) {
    return {detail::samples_without_labels(images.files), {}, {}, detail::unused(images, {})};
  }
  const FoundFiles labels = detail::find_any(patterns, patterns.labels);
  detail::leave_out_labels(images.files, labels.files);
  detail::refuse_twins(images.files);
  detail::refuse_twins(labels.files);
  Pairs pairs;
  for (const auto& [name, paths] : images.files) {
    const auto label = labels.files.find(name);
    if (label == labels.files.end()) {
      pairs.lonely_images.push_back(paths[0].string());
    } else {
      pairs.samples.push_back({name, paths[0].string(), label->second[0].string()});
    }
  }
  for (const auto& [name, paths] : labels.files) {
    if (!patterns.labels_of_more && !images.files.contains(name)) pairs.lonely_labels.push_back(paths[0].string());
  }
  pairs.passed_over = detail::unused(images, labels);
  return pairs;
}

// Throws with the files that have no partner.
inline void refuse_lonely(const Pairs& pairs) {
  if (pairs.lonely_images.empty() && pairs.lonely_labels.empty()) return;
  const auto part = [&](std::size_t lonely) {
    return std::to_string(lonely) + " of " + std::to_string(lonely + pairs.samples.size());
  };
  std::vector<std::string> lines = detail::lines_of(pairs.lonely_images, " has no label");
  const std::vector<std::string> more = detail::lines_of(pairs.lonely_labels, " has no image");
  lines.insert(lines.end(), more.begin(), more.end());
  throw Error("files without a partner, " + part(pairs.lonely_images.size()) + " images and " +
                  part(pairs.lonely_labels.size()) + " labels:" + detail::first_lines(lines),
              SS_IO);
}

// Every image with the label of the same name, sorted by name. Throws with the files that have no partner.
inline std::vector<SampleInfo> pair_all(const PairPatterns& patterns) {
  Pairs pairs = pair_files(patterns);
  refuse_lonely(pairs);
  return std::move(pairs.samples);
}

namespace detail {

// By the end of its path as it is stored: a name of the list in parts (Unicode's NFD) is not the file's as it is given.
inline Files::const_iterator find_by_path(const Files& files, const std::filesystem::path& name) {
  return std::find_if(files.begin(), files.end(), [&](const auto& each) {
    std::filesystem::path path = each.second.front();
    if (!name.has_extension()) path.replace_extension();
    return path.string().ends_with("/" + name.string());
  });
}

// A list may give names with their ending.
inline Files::const_iterator find_listed(const Files& files, const std::string& name) {
  const auto found = files.find(name);
  if (found != files.end()) return found;
  const std::filesystem::path path(name);
  const auto without_ending = files.find((path.parent_path() / path.stem()).string());
  const bool is_ascii = std::all_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x80; });
  return without_ending != files.end() || is_ascii ? without_ending : find_by_path(files, path);
}

inline void refuse_twice(const std::vector<ListedName>& names) {
  std::map<std::string, const ListedName*> seen;
  for (const ListedName& name : names) {
    const auto [earlier, is_new] = seen.emplace(name.text, &name);
    if (is_new) continue;
    throw Error(name.place() + ": \"" + name.shown() + "\" is named twice, first in " + earlier->second->place());
  }
}

}  // namespace detail

// The samples with these names, in this order; other files may lie beside them. Throws with the names that have no
// image, or no label, and their places in the list.
inline std::vector<SampleInfo> pair_named(const PairPatterns& patterns, const std::vector<ListedName>& names) {
  detail::refuse_twice(names);
  const bool labelled = !patterns.labels.empty();
  const FoundFiles images = detail::find_any(patterns, patterns.images);
  const FoundFiles labels = labelled ? detail::find_any(patterns, patterns.labels) : FoundFiles{};
  std::vector<SampleInfo> samples;
  std::vector<std::string> missing;
  for (const ListedName& name : names) {
    const auto image = detail::find_listed(images.files, name.text);
    const auto label = detail::find_listed(labels.files, name.text);
    const bool has_image = image != images.files.end(), has_label = label != labels.files.end();
    if (!has_image) missing.push_back(name.place() + ": " + name.shown() + " has no image");
    if (labelled && !has_label) missing.push_back(name.place() + ": " + name.shown() + " has no label");
    if (!has_image || (labelled && !has_label)) continue;
    detail::refuse_twins({*image});
    if (labelled) detail::refuse_twins({*label});
    samples.push_back({image->first, image->second[0].string(), labelled ? label->second[0].string() : ""});
  }
  if (missing.empty()) return samples;
  constexpr std::size_t kFewNames = 4;
  if (samples.empty() && names.size() > kFewNames) {  // it may be another file: no more of it than that is shown
    throw Error("none of the " + std::to_string(names.size()) + " names in " + names[0].list.string() + " is one of " +
                    patterns.root.string() + ", where there is " + images.files.begin()->first + "; the first one, " +
                    missing[0],
                SS_NOT_FOUND);
  }
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
