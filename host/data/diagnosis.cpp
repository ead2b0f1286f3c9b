#include "data/diagnosis.h"

#include <algorithm>
#include <utility>

namespace sshost::data {

namespace {

// The stored numbers first, first + 1, ... as the classes 0, 1, ...
ss_options_object label_map_from(int64_t first, int64_t classes) {
  ss_options_object map = config::make_map();
  for (int64_t label = 0; label < classes; ++label) {
    map.set(std::to_string(first + label), config::make_integer(label));
  }
  return map;
}

ss_options_object mask_map() {
  ss_options_object map = config::make_map();
  map.set("0", config::make_integer(0));
  map.set("255", config::make_integer(1));
  return map;
}

// For the numbers in labels.
class LabelDoctor {
 public:
  LabelDoctor(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use)
      : seen_(seen), info_(info), use_(use), classes_(static_cast<int64_t>(info.classes.size())) {
    for (const auto& [number, pixels] : seen.labels) {
      const bool known = (number >= 0 && number < classes_) || number == info.ignore_index;
      if (!known) strangers_.push_back(number);
    }
    for (int64_t label = 0; label < classes_; ++label) {
      if (!occurs(label)) absent_.push_back(label);
    }
  }

  std::vector<Finding> findings() const {
    if (seen_.labels.empty() || !seen_.indexed.empty()) return {};
    if (is_mask()) return {mask()};
    if (!strangers_.empty()) return {is_shifted() ? shifted() : strangers()};
    if (absent_.empty() || seen_.read != seen_.samples) return {};
    return {may_be_shifted() ? perhaps_shifted() : absent()};
  }

 private:
  bool occurs(int64_t number) const { return seen_.labels.contains(static_cast<int32_t>(number)); }

  // Nothing but 0 and 255, where 255 is no class.
  bool is_mask() const {
    return use_.reads_stored_numbers() && seen_.labels.size() == 2 && occurs(0) && occurs(255) && classes_ >= 2 &&
           classes_ < 256;
  }

  // 1..K where 0..K-1 are the classes.
  bool is_shifted() const {
    return use_.reads_stored_numbers() && strangers_.size() == 1 && strangers_.front() == classes_;
  }

  // Some of 1..K, where the last one happens not to occur.
  bool may_be_shifted() const {
    return absent_.size() == 1 && absent_.front() == 0 && classes_ >= 2 && use_.reads_stored_numbers();
  }

  std::string with_map(const ss_options_object& map) const { return use_.set("label_map", map); }

  Finding mask() const {
    return {"the labels hold 0 and 255 alone: masks, of which 255 is the object and not what is ignored",
            {},
            with_map(mask_map())};
  }

  Finding shifted() const {
    Finding finding{"", {seen_.example.at(strangers_.front())}, with_map(label_map_from(1, classes_))};
    if (!occurs(0)) {
      finding.what = "the labels count from 1: " + std::to_string(classes_) + " occurs, 0 does not";
      return finding;
    }
    finding.what = "number " + std::to_string(classes_) + " occurs, one more than the last class: 0 may be what is " +
                   "unlabelled (then the line below mends it), or `classes` lacks one";
    return finding;
  }

  Finding perhaps_shifted() const {
    return {"class 0 " + info_.classes.front().name + " is the only one that never occurs: the labels may count from 1",
            {},
            with_map(label_map_from(1, classes_)) + "  # where they do"};
  }

  Finding strangers() const {
    Finding finding{std::to_string(strangers_.size()) + " numbers in the labels are neither a class (0.." +
                        std::to_string(classes_ - 1) + ") nor ignored (" + std::to_string(info_.ignore_index) + ")",
                    {},
                    use_.reads_stored_numbers() ? with_map(label_map_from(0, classes_)) + "  # ignores them"
                                                : use_.set("", config::make_map())};
    for (const int32_t number : strangers_) {
      const LabelUse& use = seen_.labels.at(number);
      finding.places.push_back(std::to_string(number) + ": " + std::to_string(use.pixels) + " pixels in " +
                               std::to_string(use.images) + " labels, such as " + seen_.example.at(number));
    }
    if (use_.reads_stored_numbers() && strangers_.size() == 1 && !occurs(info_.ignore_index)) {
      finding.mend = use_.set("ignore_index", config::make_integer(strangers_.front())) +
                     "  # or a label_map, where it stands for a class";
    }
    return finding;
  }

  Finding absent() const {
    Finding finding{std::to_string(absent_.size()) + " of " + std::to_string(classes_) + " classes never occur",
                    {},
                    "look at the class list and at what the labels stand for; nothing can be learned of these",
                    static_cast<int64_t>(absent_.size()) * 2 <= classes_};
    for (const int64_t label : absent_) {
      finding.places.push_back(std::to_string(label) + " " + info_.classes[static_cast<size_t>(label)].name);
    }
    return finding;
  }

  const Inspection& seen_;
  const DatasetInfo& info_;
  const DatasetUse& use_;
  int64_t classes_;
  std::vector<int32_t> strangers_;
  std::vector<int64_t> absent_;
};

Finding colored(const Inspection& seen, const DatasetUse& use) {
  constexpr size_t kShown = 16;
  std::string colors;
  for (size_t i = 0; i < std::min(seen.colors.size(), kShown); ++i) colors.append(" ").append(seen.colors[i]);
  if (seen.colors.size() > kShown) colors += " and more";
  return {std::to_string(seen.colored.size()) + " labels hold colours instead of the numbers of classes:" + colors,
          seen.colored, use.with_colors(seen.colors)};
}

Finding indexed(const Inspection& seen, const DatasetUse& use) {
  return {
      std::to_string(seen.indexed.size()) +
          " labels store the numbers of classes, with or without a palette, and are read as colours that no class has",
      seen.indexed, use.set("label_colors", config::make_bool(false))};
}

// Samples that cannot be used. `on_broken_sample: skip` goes on without them, as long as there are others.
Finding unusable(const std::string& what, const std::vector<std::string>& places, const Inspection& seen,
                 const DatasetUse& use) {
  if (seen.read <= static_cast<int64_t>(seen.sizes_differ.size())) return {what, places, "replace the files"};
  if (use.skips_broken()) {
    return {what, places, "nothing has to be done: data.on_broken_sample is skip", true};
  }
  return {what, places, "data: {on_broken_sample: skip}  # or replace the files"};
}

}  // namespace

std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use) {
  std::vector<Finding> found;
  if (!seen.broken.empty()) {
    found.push_back(unusable(std::to_string(seen.broken.size()) + " samples cannot be read", seen.broken, seen, use));
  }
  if (!seen.damaged.empty()) {
    found.push_back({std::to_string(seen.damaged.size()) + " files are damaged, though they can be decoded",
                     seen.damaged, "nothing has to be done, but look at them; data: {strict_images: true} refuses them",
                     true});
  }
  if (!seen.colored.empty()) found.push_back(colored(seen, use));
  if (!seen.indexed.empty()) found.push_back(indexed(seen, use));
  if (!seen.sizes_differ.empty()) {
    found.push_back(unusable(std::to_string(seen.sizes_differ.size()) + " labels are not as large as their images",
                             seen.sizes_differ, seen, use));
  }
  if (seen.unlabelled > 0 && seen.unlabelled < seen.read) {
    found.push_back({std::to_string(seen.unlabelled) + " samples have no label, others have", {}, "add the labels"});
  }
  for (Finding& finding : LabelDoctor(seen, info, use).findings()) found.push_back(std::move(finding));
  return found;
}

}  // namespace sshost::data
