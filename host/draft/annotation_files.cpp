#include "draft/annotation_files.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/foreign_json.h"
#include "draft/layout.h"
#include "file/find_files.h"
#include "file/regular_file.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// What stands in a file of any size behind `key`, as a text; empty where that is not near its beginning.
std::string first_text(const std::string& head, const std::string& key) {
  const size_t at = head.find('"' + key + '"');
  const size_t begin = at == std::string::npos ? at : head.find('"', at + key.size() + 2);
  const size_t end = begin == std::string::npos ? begin : head.find('"', begin + 1);
  return end == std::string::npos ? "" : head.substr(begin + 1, end - begin - 1);
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

// The folder in which one of the images has this name; nothing where none has.
std::optional<std::string> folder_of_image(const std::vector<fs::path>& images, const std::string& name) {
  for (const fs::path& image : images) {
    const std::string path = image.string();
    if (!("/" + path).ends_with("/" + name)) continue;
    return path.size() == name.size() ? "." : path.substr(0, path.size() - name.size() - 1);
  }
  return std::nullopt;
}

std::string replaced_once(std::string text, const std::string& from, const std::string& to) {
  const size_t at = from.empty() ? std::string::npos : text.find(from);
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

struct CocoFile {
  fs::path path;
  std::string images;
};

std::vector<CocoFile> coco_files(const fs::path& folder) {
  std::vector<CocoFile> files;
  std::optional<std::vector<fs::path>> all_images;
  for (const fs::path& path : files_in(folder, "**/*.json")) {
    const std::string head = head_of(folder / path);
    const std::string name = first_text(head, "file_name");
    const bool is_other = path.filename().string().starts_with("captions") ||
                          path.filename().string().starts_with("person_keypoints") ||
                          path.filename().string().starts_with("panoptic");
    if (name.empty() || is_other || head.find("\"images\"") == std::string::npos) continue;
    if (!all_images) all_images = files_in(folder, "**/*");
    if (const auto images = folder_of_image(*all_images, name)) files.push_back({path, *images});
  }
  return files;
}

// The word for the split with what follows it up to the next mark: "train2017".
std::string split_in(const fs::path& path) {
  const std::string word = without_split(path.stem().string()).split;
  if (word.empty()) return "";
  const std::string stem = path.stem().string();
  size_t end = stem.find(word) + word.size();
  while (end < stem.size() && std::isalnum(static_cast<unsigned char>(stem[end])) != 0) ++end;
  return stem.substr(stem.find(word), end - stem.find(word));
}

}  // namespace

std::optional<CocoFiles> find_coco(const fs::path& folder) {
  const std::vector<CocoFile> files = coco_files(folder);
  if (files.empty()) return std::nullopt;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> patterns;
  for (const CocoFile& file : files) {
    const std::string split = split_in(file.path);
    if (split.empty()) continue;
    const std::string annotations =
        (file.path.parent_path() / replaced_once(file.path.filename().string(), split, "{split}")).string();
    patterns[{annotations, replaced_once(file.images, split, "{split}")}].push_back(split);
  }
  for (const auto& [pattern, splits] : patterns) {
    if (!word_for_training(splits).empty() && !word_for_evaluation(splits).empty()) {
      return CocoFiles{pattern.first, pattern.second, splits};
    }
  }
  return CocoFiles{files.front().path.string(), files.front().images, {}};
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
      if (shape.is_object() && shape.contains("label") && shape["label"].is_string()) labels.insert(shape["label"]);
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
