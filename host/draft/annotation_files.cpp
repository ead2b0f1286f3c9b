#include "draft/annotation_files.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <tuple>

#include "base/error.h"
#include "base/foreign_json.h"
#include "draft/layout.h"
#include "file/find_files.h"
#include "file/regular_file.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// What stands in the beginning of a file of any size behind each `key`, as texts.
std::vector<std::string> texts_of(const std::string& head, const std::string& key, size_t most) {
  std::vector<std::string> texts;
  const std::string quoted = '"' + key + '"';
  for (size_t at = head.find(quoted); at != std::string::npos && texts.size() < most; at = head.find(quoted, at + 1)) {
    const size_t begin = head.find('"', at + quoted.size());
    const size_t end = begin == std::string::npos ? begin : head.find('"', begin + 1);
    if (end != std::string::npos) texts.push_back(head.substr(begin + 1, end - begin - 1));
  }
  return texts;
}

std::string head_of(const fs::path& path) try {
  constexpr uint64_t kHead = 8U << 20;
  const file::RegularFile file(path);
  std::string head(std::min(kHead, file.size()), '\0');
  head.resize(file.read(0, head.data(), head.size()));
  return head;
} catch (const file::UnreadableFile&) {
  return {};
}

// Null where the file holds none.
Json json_in(const fs::path& path) try {
  constexpr uint64_t kMost = 256U << 20;  // the image may be in it
  return parse_foreign_json(file::read_file(path, kMost));
} catch (const Error&) {
  return {};
}

// Relative to `folder`, as all that follows.
std::vector<fs::path> files_in(const fs::path& folder, const std::string& pattern) {
  std::vector<fs::path> files;
  for (const file::Seen& seen : file::find_files(folder, pattern)) {
    if (seen.kind == SS_FILE_FOUND) files.push_back(seen.path.lexically_relative(folder));
  }
  return files;
}

// Images by their file's name.
using Images = std::multimap<std::string, fs::path>;

// What a name in JSON means below `folder`: Windows' separators may be doubled there.
std::string plain_name(std::string name) {
  for (size_t at = name.find("\\\\"); at != std::string::npos; at = name.find("\\\\")) name.replace(at, 2, "/");
  std::replace(name.begin(), name.end(), '\\', '/');
  return name;
}

// The folder below which the image has as much of the name as possible.
std::string folder_for(const fs::path& image, const std::string& name) {
  fs::path rest = image, folder_name = fs::path(name);
  auto part = std::make_reverse_iterator(rest.end()), of_name = std::make_reverse_iterator(folder_name.end());
  const auto end = std::make_reverse_iterator(rest.begin()),
             end_of_name = std::make_reverse_iterator(folder_name.begin());
  while (part != end && of_name != end_of_name && *part == *of_name) ++part, ++of_name;
  fs::path folder;
  for (auto each = rest.begin(); each != part.base(); ++each) folder /= *each;
  return folder.empty() ? "." : folder.string();
}

// The folder in which most of the names have an image; of several, the one beside the annotations, or of their split.
std::optional<std::string> folder_of_images(const Images& images, const std::vector<std::string>& names,
                                            const fs::path& annotations, const std::string& split) {
  std::map<std::string, size_t> counts;
  for (const std::string& each : names) {
    const std::string name = plain_name(each);
    const auto [first, last] = images.equal_range(fs::path(name).filename().string());
    for (auto image = first; image != last; ++image) ++counts[folder_for(image->second, name)];
  }
  const auto worth = [&](const std::pair<const std::string, size_t>& folder) {
    const bool is_beside = fs::path(folder.first) == annotations.parent_path();
    const bool is_of_split = !split.empty() && folder.first.find(split) != std::string::npos;
    return std::tuple(folder.second, is_beside, is_of_split);
  };
  const auto best = std::max_element(counts.begin(), counts.end(),
                                     [&](const auto& one, const auto& other) { return worth(one) < worth(other); });
  return best == counts.end() ? std::nullopt : std::optional(best->first);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

struct CocoFile {
  fs::path path;
  std::string images;
  std::string split;  // "train2017"; empty: neither the file nor its folder names one
  bool lacks_images = false;
};

// The word for the split with what follows it up to the next mark, such as the year of COCO's own files: "train2017".
std::string split_in(const std::string& text) {
  const std::string word = without_split(text.substr(0, text.find_last_not_of("0123456789") + 1)).split;
  if (word.empty()) return "";
  size_t end = text.find(word) + word.size();
  while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) ++end;
  return text.substr(text.find(word), end - text.find(word));
}

bool is_of_another_kind(const std::string& name) {
  return name.starts_with("captions") || name.starts_with("person_keypoints") || name.starts_with("panoptic");
}

bool lack_images(const Images& images, const std::vector<std::string>& names) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !images.contains(fs::path(plain_name(name)).filename().string());
  });
}

std::vector<CocoFile> coco_files(const fs::path& folder) {
  constexpr size_t kMostNames = 10000;
  std::vector<CocoFile> files;
  std::optional<Images> images;
  for (const fs::path& path : files_in(folder, "**/*.json")) {
    const std::string head = head_of(folder / path);
    const std::vector<std::string> names = texts_of(head, "file_name", kMostNames);
    const bool is_other = is_of_another_kind(path.filename().string());
    if (names.empty() || is_other || head.find("\"images\"") == std::string::npos) continue;
    if (!images) {
      images.emplace();
      for (const fs::path& image : files_in(folder, "**/*")) images->emplace(image.filename().string(), image);
    }
    std::string split = split_in(path.stem().string());
    if (split.empty()) split = split_in(path.parent_path().string());
    const auto found = folder_of_images(*images, names, path, split);
    if (found) files.push_back({path, *found, split, lack_images(*images, names)});
  }
  return files;
}

// labelme's lines and points are not painted: what only they are called is no class.
bool has_area(const Json& shape) {
  static const std::set<std::string> without{"point", "points", "line", "linestrip"};
  if (!shape.is_object()) return false;
  const auto type = shape.find("shape_type");
  return type == shape.end() || !type->is_string() || !without.contains(type->get<std::string>());
}

}  // namespace

std::optional<CocoFiles> find_coco(const fs::path& folder) {
  const std::vector<CocoFile> files = coco_files(folder);
  if (files.empty()) return std::nullopt;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> patterns;
  for (const CocoFile& file : files) {
    if (file.split.empty()) continue;
    patterns[{replaced(file.path.string(), file.split, "{split}"), replaced(file.images, file.split, "{split}")}]
        .push_back(file.split);
  }
  const bool lacks_images = std::any_of(files.begin(), files.end(), [](const auto& file) { return file.lacks_images; });
  for (const auto& [pattern, splits] : patterns) {
    if (!word_for_training(splits).empty() && !word_for_evaluation(splits).empty()) {
      return CocoFiles{pattern.first, pattern.second, splits, lacks_images};
    }
  }
  return CocoFiles{files.front().path.string(), files.front().images, {}, files.front().lacks_images};
}

std::optional<LabelmeFiles> find_labelme(const fs::path& folder) {
  LabelmeFiles found;
  std::set<std::string> labels, splits, folders, without;
  for (const fs::path& path : files_in(folder, "**/*.json")) {
    const Json json = json_in(folder / path);
    if (!json.is_object() || !json.contains("shapes") || !json.contains("imagePath")) continue;
    ++found.files;
    const WithoutSplit parent = without_split(path.parent_path().string());
    splits.insert(parent.split);
    folders.insert(path.parent_path().string());
    without.insert(parent.path);
    for (const Json& shape : json["shapes"]) {
      if (has_area(shape) && shape.contains("label") && shape["label"].is_string()) labels.insert(shape["label"]);
    }
  }
  if (found.files == 0) return std::nullopt;
  for (const char* none : {"__ignore__", "_background_"}) labels.erase(none);
  found.labels.assign(labels.begin(), labels.end());
  const bool has_splits = splits.size() > 1 && !splits.contains("") && without.size() == 1;
  if (has_splits) found.splits.assign(splits.begin(), splits.end());
  const std::string below = has_splits ? *without.begin() : folders.size() == 1 ? *folders.begin() : "**";
  found.annotations = below.empty() ? "*.json" : below + "/*.json";
  return found;
}

}  // namespace sshost::draft
