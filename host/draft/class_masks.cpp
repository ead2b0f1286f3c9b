#include "draft/class_masks.h"

#include <algorithm>
#include <map>
#include <opencv2/core.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "data/label_file.h"
#include "draft/layout.h"
#include "file/composed_name.h"
#include "file/find_files.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

// By "train|a", the split and the name without an ending.
using Files = std::map<std::string, fs::path>;

// By folder, in which the word for a split stands as {split}.
std::map<std::string, Files> files_by_folder(const fs::path& folder, std::set<std::string>& splits) {
  std::map<std::string, Files> folders;
  for (const file::Seen& seen : file::find_files(folder, "**/*")) {
    if (seen.kind != SS_FILE_FOUND) continue;
    const fs::path relative = seen.path.lexically_relative(folder);
    const WithoutSplit parent = without_split(relative.parent_path().string());
    if (!parent.split.empty()) splits.insert(parent.split);
    folders[parent.path][parent.split + "|" + file::composed_name(relative.stem().string())] = seen.path;
  }
  return folders;
}

enum class Values { kTwo, kNearTwo, kMore };

// Of a picture whose channels are equal.
Values values_of(const fs::path& path) {
  constexpr int kNear = 64;
  constexpr double kMostBetween = 0.1;
  std::vector<cv::Mat> planes;
  const cv::Mat stored = data::stored_label(path);
  if (stored.empty() || stored.depth() != CV_8U) return Values::kMore;
  cv::split(stored, planes);
  for (const cv::Mat& plane : planes) {
    if (cv::countNonZero(plane != planes.front()) > 0) return Values::kMore;
  }
  std::set<int> values;
  const cv::Mat& plane = planes.front();
  double largest = 0;
  cv::minMaxLoc(plane, nullptr, &largest);
  for (auto value = plane.begin<uint8_t>(); value != plane.end<uint8_t>() && values.size() < 3; ++value) {
    values.insert(*value);
  }
  if (values.size() < 2 || (values.size() == 2 && *values.begin() == 0)) return Values::kTwo;
  const int between = cv::countNonZero((plane > kNear) & (plane < largest - kNear));
  const bool is_near = largest > 2 * kNear && between <= kMostBetween * static_cast<double>(plane.total());
  return is_near ? Values::kNearTwo : Values::kMore;
}

// What a few of the masks of a class hold.
Values values_of(const Files& masks) {
  constexpr size_t kLookedAt = 4;
  Values most = Values::kTwo;
  for (size_t i = 0; i < std::min(kLookedAt, masks.size()); ++i) {
    const auto& mask =
        std::next(masks.begin(), static_cast<std::ptrdiff_t>(i * masks.size() / kLookedAt % masks.size()));
    most = std::max(most, values_of(mask->second));
  }
  return most;
}

size_t shared(const Files& one, const Files& other) {
  return static_cast<size_t>(
      std::count_if(one.begin(), one.end(), [&](const auto& file) { return other.contains(file.first); }));
}

// The folders in one, by the class that they are named by.
using Group = std::map<std::string, const Files*>;

// Of the folders that are none of the group's, the one with the most of the masks' names.
std::pair<std::string, const Files*> images_for(const Group& group, const std::string& parent,
                                                const std::map<std::string, Files>& folders) {
  std::pair<std::string, const Files*> best{"", nullptr};
  size_t most = 0;
  for (const auto& [folder, files] : folders) {
    if (fs::path(folder).parent_path() == parent && group.contains(fs::path(folder).filename().string())) continue;
    size_t names = 0;
    for (const auto& [name, masks] : group) names += shared(*masks, files);
    if (names > most) {
      most = names;
      best = {folder, &files};
    }
  }
  return best;
}

std::string joined(const std::string& folder, const std::string& rest) {
  return folder.empty() ? rest : folder + "/" + rest;
}

// Those of one folder that are such masks of the same images.
std::optional<ClassMasks> masks_in(const std::string& parent, Group group,
                                   const std::map<std::string, Files>& folders) {
  const auto [folder, images] = images_for(group, parent, folders);
  if (images == nullptr || values_of(*images) != Values::kMore) return std::nullopt;
  ClassMasks found{joined(folder, "*"), joined(parent, "{class}/*"), {}, {}};
  std::set<std::string> labelled;
  size_t masks = 0;
  for (const auto& [name, files] : group) {
    const Values values = values_of(*files);
    if (values == Values::kMore || 2 * shared(*files, *images) < files->size()) continue;
    found.are_smeared = found.are_smeared || values == Values::kNearTwo;
    found.classes.push_back(name);
    for (const auto& [file, path] : *files) {
      if (!images->contains(file)) continue;
      labelled.insert(file);
      ++masks;
    }
  }
  const bool share_images = masks > labelled.size();
  if (found.classes.size() < 2 || !share_images) return std::nullopt;
  found.pairs = static_cast<int64_t>(labelled.size());
  found.images_alone = static_cast<int64_t>(images->size()) - found.pairs;
  return found;
}

std::optional<ClassMasks> find_in_folders(const std::map<std::string, Files>& folders) {
  std::map<std::string, Group> groups;
  for (const auto& [path, files] : folders) {
    const fs::path place(path);
    const std::string name = place.filename().string();
    if (!name.empty() && name.find("{split}") == std::string::npos) groups[place.parent_path().string()][name] = &files;
  }
  std::optional<ClassMasks> best;
  for (auto& [parent, group] : groups) {
    if (group.size() < 2) continue;
    auto found = masks_in(parent, group, folders);
    if (found && (!best || found->pairs > best->pairs)) best = std::move(found);
  }
  return best;
}

// What stands behind an image's name in those of its masks, with the masks: "_cat", "_dog".
std::map<std::string, Files> masks_by_ending(const Files& images, const Files& masks) {
  std::map<std::string, Files> endings;
  for (const auto& [name, path] : masks) {
    for (size_t length = name.size() - 1; length > 0; --length) {
      const bool is_end_of_word = std::string_view("_-. ").find(name[length]) != std::string_view::npos;
      const auto image = is_end_of_word ? images.find(name.substr(0, length)) : images.end();
      if (image == images.end()) continue;
      endings[name.substr(length)][image->first] = path;
      break;
    }
  }
  return endings;
}

// What all of them begin with, up to the last letter that is no part of a word: "_class_" of "_class_cat", "_class_car".
std::string common_beginning(const std::vector<std::string>& endings) {
  std::string common = endings.front();
  for (const std::string& each : endings) {
    const auto [end, ignored] = std::mismatch(common.begin(), common.end(), each.begin(), each.end());
    common.erase(end, common.end());
  }
  const size_t end = common.find_last_of("_-. ");
  return end == std::string::npos ? "" : common.substr(0, end + 1);
}

std::optional<ClassMasks> masks_with_endings(const std::string& folder, const Files& images, const std::string& other,
                                             const Files& masks) {
  ClassMasks found{joined(folder, "*"), "", {}, {}};
  std::vector<std::string> endings;
  std::set<std::string> labelled;
  size_t count = 0;
  for (const auto& [ending, files] : masks_by_ending(images, masks)) {
    const Values values = values_of(files);
    if (5 * files.size() < images.size() || files.size() < 2 || values == Values::kMore) continue;
    found.are_smeared = found.are_smeared || values == Values::kNearTwo;
    endings.push_back(ending);
    count += files.size();
    for (const auto& [image, path] : files) labelled.insert(image);
  }
  if (endings.size() < 2 || count <= labelled.size()) return std::nullopt;
  const std::string common = common_beginning(endings);
  for (const std::string& ending : endings) found.classes.push_back(ending.substr(common.size()));
  found.labels = joined(other, "*" + common + "{class}");
  found.pairs = static_cast<int64_t>(labelled.size());
  if (folder != other) found.images_alone = static_cast<int64_t>(images.size()) - found.pairs;
  return found;
}

std::optional<ClassMasks> find_by_endings(const std::map<std::string, Files>& folders) {
  constexpr size_t kMostFolders = 20;
  if (folders.size() > kMostFolders) return std::nullopt;
  std::optional<ClassMasks> best;
  for (const auto& [folder, images] : folders) {
    for (const auto& [other, masks] : folders) {
      auto found = masks_with_endings(folder, images, other, masks);
      if (found && (!best || found->pairs > best->pairs)) best = std::move(found);
    }
  }
  return best;
}

}  // namespace

std::optional<ClassMasks> find_class_masks(const fs::path& folder) {
  std::set<std::string> splits;
  const std::map<std::string, Files> folders = files_by_folder(folder, splits);
  std::optional<ClassMasks> best = find_in_folders(folders);
  if (!best) best = find_by_endings(folders);
  const bool is_divided = best && best->images.find("{split}") != std::string::npos && splits.size() > 1;
  if (is_divided) best->splits.assign(splits.begin(), splits.end());
  if (best && !is_divided) {
    for (std::string* pattern : {&best->images, &best->labels}) {
      const size_t at = pattern->find("{split}");
      if (at != std::string::npos) pattern->replace(at, 7, splits.empty() ? "" : *splits.begin());
    }
  }
  return best;
}

}  // namespace sshost::draft
