#include "run/split_comparison.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string_view>

#include "file/regular_file.h"

namespace sshost::run {
namespace {

std::string bytes_of(const std::string& path) try {
  return file::read_file(path);
} catch (const file::UnreadableFile&) {
  return {};
}

std::string many(size_t count, const char* one, const char* more) {
  return std::to_string(count) + (count == 1 ? one : more);
}

}  // namespace

void SplitComparison::look_at(const std::string& split, Examination& found, bool compares_contents) {
  compare_paths(split, found);
  if (compares_contents) compare_contents(split, found);
  compare_classes(split, found);
}

void SplitComparison::compare_paths(const std::string& split, Examination& found) {
  data::Finding finding{data::Illness::kShared, "", {}, "correct the lists or patterns of the splits"};
  std::string other;
  for (const std::string& image : found.images) {
    if (image.empty()) continue;
    const auto [earlier, is_new] = split_of_.emplace(image, split);
    if (is_new || earlier->second == split) continue;
    finding.places.push_back(image);
    other = earlier->second;
  }
  if (finding.places.empty()) return;
  finding.what = std::to_string(finding.places.size()) + " images are in split " + other +
                 " too: scores of what was trained with say nothing";
  found.findings.push_back(std::move(finding));
}

const SplitComparison::Seen* SplitComparison::copy_of(const std::string& path, const std::string& split) {
  std::error_code unknown;
  const uint64_t size = std::filesystem::file_size(path, unknown);
  if (unknown || size == 0) return nullptr;
  std::vector<Seen>& candidates = by_size_[size];
  const Seen* copy = nullptr;
  const auto hash = [&](const std::string& file) {
    const auto known = hashes_.find(file);
    if (known != hashes_.end()) return known->second;
    return hashes_[file] = std::hash<std::string>()(bytes_of(file));
  };
  for (const Seen& each : candidates) {
    const bool is_other = each.split != split && each.path != path;
    if (!is_other || hash(each.path) != hash(path) || bytes_of(each.path) != bytes_of(path)) continue;
    copy = &each;
    break;
  }
  if (copy == nullptr) candidates.push_back({split, path});
  return copy;
}

void SplitComparison::compare_contents(const std::string& split, Examination& found) {
  data::Finding finding{data::Illness::kShared,
                        "",
                        {},
                        "take the copies out of one of the splits; what shows the same stays together by "
                        "data.dataset.split.group where the data set divides its images"};
  std::string other;
  for (const std::string& image : found.images) {
    if (image.empty() || split_of_.at(image) != split) continue;  // told already
    const Seen* copy = copy_of(image, split);
    if (copy == nullptr) continue;
    finding.places.push_back(image + " is " + copy->path);
    other = copy->split;
  }
  if (finding.places.empty()) return;
  finding.what = many(finding.places.size(), " image is a copy", " images are copies") + " of images in split " +
                 other + ", byte for byte: scores of what was trained with say nothing";
  found.findings.push_back(std::move(finding));
}

void SplitComparison::compare_classes(const std::string& split, Examination& found) {
  if (found.info.classes.empty()) return;
  const data::ClassList here{"split " + split, data::class_names(found.info.classes)};
  if (!classes_) {
    classes_ = here;
    return;
  }
  const auto difference = data::difference(*classes_, here);
  if (!difference) return;
  found.findings.push_back({data::Illness::kClasses,
                            *difference,
                            {},
                            "give both one list; until then what is learned as one class is scored as another"});
}

}  // namespace sshost::run
