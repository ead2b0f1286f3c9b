#include "list_samples.h"

#include <sshost/file_dataset.hpp>

#include <algorithm>
#include <map>

namespace folder {

namespace {

std::vector<std::string> of_split(std::vector<std::string> patterns, const std::string& split) {
  for (std::string& pattern : patterns) pattern = ss::with_split(pattern, split);
  return patterns;
}

ss::PairPatterns patterns_of(const Options& options, const std::string& split) {
  ss::PairPatterns patterns{options.root.value, of_split(options.images, split)};
  patterns.are_equal = true;
  if (!options.labels) return patterns;
  patterns.labels = of_split(*options.labels, split);
  patterns.labels_of_more = ss::names_split(options.images) && !ss::names_split(*options.labels);
  return patterns;
}

std::string count_text(const std::vector<ss::PassedOver>& passed_over) {
  std::map<ss_file_kind, std::vector<std::string>> kinds;
  for (const ss::PassedOver& each : passed_over) kinds[each.kind].push_back(each.path.string());
  std::string text;
  for (const auto& [kind, paths] : kinds) {
    text.append(text.empty() ? "" : ", ").append(std::to_string(paths.size())).append(" ").append(ss::words_of(kind));
    text.append(" (").append(paths.size() > 1 ? "such as " : "").append(paths.front()).append(")");
  }
  return text;
}

void say_what_is_left_out(const ss::Pairs& pairs, const std::string& who) {
  if (!pairs.passed_over.empty()) ss::log_info(who + " left out beside its files: " + count_text(pairs.passed_over));
  const std::size_t images = pairs.lonely_images.size(), labels = pairs.lonely_labels.size();
  if (images + labels == 0) return;
  ss::log_warning(who + " left out, as `unpaired: skip` says: " + std::to_string(images) + " of " +
                  std::to_string(images + pairs.samples.size()) + " images without a label, and " +
                  std::to_string(labels) + " labels without an image");
}

// Of those with a mask of any class, a mask of each may be missing: then nothing in the image is of the class.
void say_missing_masks(const Options& options, const MaskPaths& masks, const std::string& split) {
  std::string text;
  for (std::size_t k = 0; k < options.classes.size(); ++k) {
    const auto missing =
        std::count_if(masks.begin(), masks.end(), [&](const auto& of_image) { return of_image.second[k].empty(); });
    if (missing == 0) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(missing) + " of \"" + options.classes[k].name + "\"";
  }
  if (text.empty()) return;
  ss::log_info("folder: split " + split + ": of " + std::to_string(masks.size()) +
               " images some have no mask of a class (" + text + "): nothing in them is of it");
}

ss::Pairs find_pairs(const Options& options, const std::string& split, MaskPaths& masks) {
  const bool are_masks = are_class_masks(options);
  ss::Pairs pairs = are_masks ? pair_masks(options, split, masks) : ss::pair_files(patterns_of(options, split));
  if (are_masks) say_missing_masks(options, masks, split);
  if (options.unpaired != "skip" || pairs.samples.empty()) ss::refuse_lonely(pairs);
  say_what_is_left_out(pairs, "folder: split " + split + ":");
  return pairs;
}

std::string advice_for(ss_status status) {
  if (status == SS_NOT_FOUND) return "\ncorrect the root or the patterns `images` and `labels`";
  if (status != SS_IO) return "";
  return "\nremove such files, correct the patterns `images` and `labels`, or pass over them with `unpaired: skip`";
}

}  // namespace

void check_patterns(const Options& options) {
  if (options.images.empty()) throw ss::Error("images: expected at least one pattern, found none");
  if (options.labels && options.labels->empty()) {
    throw ss::Error("labels: expected at least one pattern, found none; null says that there are no labels");
  }
  if (are_class_masks(options) && (options.label_colors || !options.label_map.empty())) {
    throw ss::Error(
        "labels: a mask for each {class} has neither label_map nor label_colors: what is not 0 is of its class");
  }
  if (!options.split) return;
  ss::Splitter{*options.split};
  if (ss::names_split(options.images) || (options.labels && ss::names_split(*options.labels))) {
    throw ss::Error("split: the patterns name a folder for each split by {split}; expected either that or `split`");
  }
}

std::vector<ss::SampleInfo> list_samples(const Options& options, const std::string& split, MaskPaths& masks) {
  try {
    ss::Pairs pairs = find_pairs(options, split, masks);
    return options.split ? ss::samples_of_split(std::move(pairs.samples), *options.split, split)
                         : std::move(pairs.samples);
  } catch (const ss::Error& error) {
    throw ss::Error("split \"" + split + "\": " + error.what() + advice_for(error.status()), error.status());
  }
}

}  // namespace folder
