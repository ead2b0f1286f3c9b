#include "data/diagnosis.h"

#include <utility>

namespace sshost::data {

namespace {

using Numbers = std::vector<std::pair<int64_t, int64_t>>;  // stored, class

std::string label_map(const Numbers& numbers) {
  std::string text = "data: {dataset: {label_map: {";
  for (size_t i = 0; i < numbers.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(numbers[i].first) + ": " + std::to_string(numbers[i].second);
  }
  return text + "}}}";
}

// The stored numbers first, first + 1, ... as the classes 0, 1, ...
std::string label_map_from(int64_t first, int64_t classes) {
  Numbers numbers;
  for (int64_t label = 0; label < classes; ++label) numbers.emplace_back(first + label, label);
  return label_map(numbers);
}

// For the numbers in labels.
class LabelDoctor {
 public:
  LabelDoctor(const Inspection& seen, const DatasetInfo& info, bool has_label_map)
      : seen_(seen), info_(info), has_label_map_(has_label_map), classes_(static_cast<int64_t>(info.classes.size())) {
    for (const auto& [number, use] : seen.labels) {
      const bool known = (number >= 0 && number < classes_) || number == info.ignore_index;
      if (!known) strangers_.push_back(number);
    }
  }

  std::vector<Finding> findings() const {
    std::vector<Finding> found;
    if (is_mask()) found.push_back(mask());
    if (!strangers_.empty()) found.push_back(is_shifted() ? shifted() : strangers());
    if (!is_mask() && strangers_.empty() && !seen_.labels.empty()) add_absent(found);
    return found;
  }

 private:
  bool occurs(int64_t number) const { return seen_.labels.contains(static_cast<int32_t>(number)); }

  // Nothing but 0 and 255, where 255 is no class.
  bool is_mask() const {
    return seen_.labels.size() == 2 && occurs(0) && occurs(255) && classes_ >= 2 && classes_ < 256;
  }

  // 1..K where 0..K-1 are the classes.
  bool is_shifted() const { return strangers_.size() == 1 && strangers_.front() == classes_; }

  std::string with_map(const std::string& map) const {
    return has_label_map_ ? map : "this data set has no label_map; read its files as {type: folder, ...} with\n" + map;
  }

  Finding mask() const {
    return {"the labels hold 0 and 255 alone: masks, of which 255 is the object and not what is ignored",
            {},
            with_map(label_map({{0, 0}, {255, 1}}))};
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

  Finding strangers() const {
    Finding finding{std::to_string(strangers_.size()) + " numbers in the labels are neither a class (0.." +
                        std::to_string(classes_ - 1) + ") nor ignored (" + std::to_string(info_.ignore_index) + ")",
                    {},
                    with_map(label_map_from(0, classes_)) + "  # ignores them"};
    for (const int32_t number : strangers_) {
      const LabelUse& use = seen_.labels.at(number);
      finding.places.push_back(std::to_string(number) + ": " + std::to_string(use.pixels) + " pixels in " +
                               std::to_string(use.images) + " labels, such as " + seen_.example.at(number));
    }
    if (strangers_.size() == 1 && !occurs(info_.ignore_index)) {
      finding.mend =
          "data: {dataset: {ignore_index: " + std::to_string(strangers_.front()) + "}}  # or\n" + finding.mend;
    }
    return finding;
  }

  void add_absent(std::vector<Finding>& found) const {
    Finding finding{"", {}, "look at the class list and at what the labels stand for; nothing can be learned of these"};
    for (int64_t label = 0; label < classes_; ++label) {
      if (!occurs(label)) finding.places.push_back(std::to_string(label) + " " + info_.classes[label].name);
    }
    finding.what = std::to_string(finding.places.size()) + " of " + std::to_string(classes_) + " classes never occur";
    const bool whole = seen_.read == seen_.samples;
    if (whole && !finding.places.empty()) found.push_back(std::move(finding));
  }

  const Inspection& seen_;
  const DatasetInfo& info_;
  bool has_label_map_;
  int64_t classes_;
  std::vector<int32_t> strangers_;
};

Finding colored(const Inspection& seen) {
  std::string colors;
  for (const std::string& color : seen.colors) colors += (colors.empty() ? "" : " ") + color;
  return {std::to_string(seen.colored.size()) + " labels hold colours instead of the numbers of classes", seen.colored,
          "data: {dataset: {type: folder, label_colors: true}}  # each class with its color; there are: " + colors};
}

}  // namespace

std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, bool has_label_map) {
  std::vector<Finding> found;
  if (!seen.broken.empty()) {
    found.push_back({std::to_string(seen.broken.size()) + " samples cannot be read", seen.broken,
                     "data: {on_broken_sample: skip}  # or replace the files"});
  }
  if (!seen.colored.empty()) found.push_back(colored(seen));
  if (!seen.sizes_differ.empty()) {
    found.push_back({std::to_string(seen.sizes_differ.size()) + " labels are not as large as their images",
                     seen.sizes_differ, "data: {on_broken_sample: skip}  # or replace the files"});
  }
  if (seen.unlabelled > 0 && seen.unlabelled < seen.read) {
    found.push_back({std::to_string(seen.unlabelled) + " samples have no label, others have", {}, "add the labels"});
  }
  for (Finding& finding : LabelDoctor(seen, info, has_label_map).findings()) found.push_back(std::move(finding));
  return found;
}

}  // namespace sshost::data
