#include "class_masks.h"

#include <sshost/size.hpp>

#include <algorithm>
#include <set>

namespace folder {

namespace {

const std::string kClass = "{class}";

std::string with_class(std::string pattern, const std::string& name) {
  for (std::size_t at = pattern.find(kClass); at != std::string::npos; at = pattern.find(kClass, at + name.size())) {
    pattern.replace(at, kClass.size(), name);
  }
  return pattern;
}

std::vector<std::string> label_patterns(const Options& options, const std::string& split) {
  std::vector<std::string> patterns;
  for (const std::string& each : *options.labels) patterns.push_back(ss::with_split(each, split));
  return patterns;
}

// The masks of one class by name.
std::map<std::string, std::string> masks_of(const Options& options, const std::vector<std::string>& patterns,
                                            const std::string& name) {
  std::map<std::string, std::string> masks;
  std::string tried;
  for (const std::string& pattern : patterns) {
    const std::string of_class = with_class(pattern, name);
    tried += (tried.empty() ? "" : " or ") + (std::filesystem::path(options.root.value) / of_class).string();
    const ss::FoundFiles found = ss::find_files(options.root.value, of_class);
    ss::detail::refuse_twins(found.files);
    for (const auto& [stars, paths] : found.files) masks.emplace(stars, paths.front().string());
  }
  if (!masks.empty()) return masks;
  throw ss::Error("class \"" + name + "\" has no mask: no file matches " + tried +
                      "; what is of no class needs none, leave it out of `classes`",
                  SS_NOT_FOUND);
}

// Folders (or names) in the place of the class that no class has: "masks/cat" where `classes` names no cat.
void say_other_names(const Options& options, const std::vector<std::string>& patterns, const std::string& split) {
  std::map<std::string, int64_t> others;
  for (const std::string& pattern : patterns) {
    const std::size_t place = pattern.find(kClass);
    const bool is_part = place != std::string::npos && pattern.find('*') > place &&
                         (place == 0 || pattern[place - 1] == '/') && pattern[place + kClass.size()] == '/';
    if (!is_part) continue;
    for (const auto& [stars, paths] : ss::find_files(options.root.value, with_class(pattern, "*")).files) {
      ++others[stars.substr(0, stars.find('/'))];
    }
  }
  for (const ss::ClassOptions& each : options.classes) others.erase(each.name);
  for (const auto& [name, files] : others) {
    ss::log_warning("folder: split " + split + ": " + std::to_string(files) + " masks of \"" + name +
                    "\" are not read: no class is called so");
  }
}

MaskPaths masks_by_name(const Options& options, const std::vector<std::string>& patterns) {
  MaskPaths found;
  for (std::size_t k = 0; k < options.classes.size(); ++k) {
    for (const auto& [name, path] : masks_of(options, patterns, options.classes[k].name)) {
      found[name].resize(options.classes.size());
      found[name][k] = path;
    }
  }
  return found;
}

// What the patterns of the images find and is no mask.
std::vector<ss::SampleInfo> images_beside(const MaskPaths& masks, const Options& options, const std::string& split) {
  ss::PairPatterns patterns{options.root.value};
  for (const std::string& each : options.images) patterns.images.push_back(ss::with_split(each, split));
  std::vector<ss::SampleInfo> images = ss::pair_files(patterns).samples;
  std::set<std::string> used;
  for (const auto& [name, paths] : masks) used.insert(paths.begin(), paths.end());
  std::erase_if(images, [&](const ss::SampleInfo& image) { return used.contains(image.image_path); });
  return images;
}

// Moves the paths of images that are there from `found` to `masks`.
ss::Pairs take_paired(std::vector<ss::SampleInfo> images, MaskPaths& found, MaskPaths& masks) {
  ss::Pairs pairs;
  for (ss::SampleInfo& image : images) {
    auto of_image = found.extract(image.id);
    if (of_image.empty()) {
      pairs.lonely_images.push_back(image.image_path);
      continue;
    }
    const std::vector<std::string>& paths = of_image.mapped();
    image.label_path = *std::find_if(paths.begin(), paths.end(), [](const std::string& path) { return !path.empty(); });
    masks.insert(std::move(of_image));
    pairs.samples.push_back(std::move(image));
  }
  return pairs;
}

// Grey, or colours of three equal channels.
std::vector<int32_t> values_of(const std::string& path, int64_t& height, int64_t& width) {
  const auto copy = [&](const ss::Image& image, int64_t step) {
    height = image.height();
    width = image.width();
    std::vector<int32_t> values(static_cast<std::size_t>(height * width));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = image[static_cast<int64_t>(i) * step];
    return values;
  };
  std::string reason;
  try {
    return copy(ss::Image::label(path), 1);
  } catch (const ss::Error& error) {
    reason = error.what();
  }
  const ss::Image picture = ss::Image::color_label(path);
  for (int64_t i = 0; i < picture.elements(); i += 3) {
    if (picture[i] != picture[i + 1] || picture[i] != picture[i + 2]) throw ss::Error(reason);
  }
  return copy(picture, 3);
}

enum class In : uint8_t { kNo, kYes, kUnknown };

// What each value of a mask says.
std::map<int32_t, In> meanings(const std::vector<int32_t>& values, std::optional<int64_t> tolerance,
                               const std::string& path) {
  std::map<int32_t, In> meanings;
  for (const int32_t value : values) meanings.emplace(value, value == 0 ? In::kNo : In::kYes);
  if (meanings.size() <= 2 && (meanings.size() < 2 || meanings.begin()->first == 0)) return meanings;
  if (!tolerance) {
    throw ss::Error(
        path + ": expected a mask of two values, 0 and another one, found " + std::to_string(meanings.size()) +
        " values (JPEG, or soft edges?); label_tolerance: 127 takes each as the nearer one of 0 and the largest");
  }
  const int64_t largest = meanings.rbegin()->first;
  for (auto& [value, meaning] : meanings) {
    const bool is_low = 2 * int64_t{value} < largest;
    const int64_t distance = is_low ? value : largest - value;
    meaning = distance > *tolerance ? In::kUnknown : is_low ? In::kNo : In::kYes;
  }
  return meanings;
}

}  // namespace

bool are_class_masks(const Options& options) {
  return options.labels && std::any_of(options.labels->begin(), options.labels->end(), [](const std::string& pattern) {
           return pattern.find(kClass) != std::string::npos;
         });
}

ss::Pairs pair_masks(const Options& options, const std::string& split, MaskPaths& masks) {
  const std::vector<std::string> patterns = label_patterns(options, split);
  MaskPaths found = masks_by_name(options, patterns);
  ss::Pairs pairs = take_paired(images_beside(found, options, split), found, masks);
  const bool are_of_more = ss::names_split(options.images) && !ss::names_split(*options.labels);
  for (const auto& [name, paths] : found) {
    for (const std::string& path : paths) {
      if (!path.empty() && !are_of_more) pairs.lonely_labels.push_back(path);
    }
  }
  say_other_names(options, patterns, split);
  return pairs;
}

Label read_masks(const std::vector<std::string>& paths, std::optional<int64_t> tolerance) {
  Label label{0, 0, {}};
  std::string first;
  for (std::size_t k = 0; k < paths.size(); ++k) {
    if (paths[k].empty()) continue;
    int64_t height = 0, width = 0;
    const std::vector<int32_t> values = values_of(paths[k], height, width);
    if (first.empty()) {
      label = {height, width, std::vector<int32_t>(values.size(), 0)};
      first = paths[k];
    } else if (height != label.height || width != label.width) {
      throw ss::Error(paths[k] + " is " + ss::to_string(ss::Size{height, width}) + ", " + first +
                      " of the same image " + ss::to_string(ss::Size{label.height, label.width}));
    }
    const std::map<int32_t, In> says = meanings(values, tolerance, paths[k]);
    for (std::size_t i = 0; i < values.size(); ++i) {
      int32_t& set = label.classes[i];
      const In in = says.at(values[i]);
      if (in == In::kUnknown) set = kIgnoredSet;
      if (in == In::kYes && set != kIgnoredSet) set |= int32_t{1} << k;
    }
  }
  return label;
}

}  // namespace folder
