#include "data/label_doctor.h"

#include <algorithm>
#include <cstdio>

namespace sshost::data {

namespace {

using config::make_integer;
using config::make_map;
using Value = ss_options_object;

constexpr const char* kLookAtTheLabels =
    "look at the labels and at `classes`: what is tried here mends nothing (sshost data preview shows both)";

// The stored numbers first, first + 1, ... as the classes 0, 1, ...
Value label_map_from(int64_t first, int64_t classes) {
  Value map = make_map();
  for (int64_t label = 0; label < classes; ++label) map.set(std::to_string(first + label), make_integer(label));
  return map;
}

Value label_map_of(const TrueValues& numbers) {
  Value map = make_map();
  for (size_t label = 0; label < numbers.values.size(); ++label) {
    map.set(std::to_string(numbers.values[label][0]), make_integer(static_cast<int64_t>(label)));
  }
  return map;
}

std::string list_of(const TrueValues& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    text.append(i == 0 ? "" : i + 1 == numbers.values.size() ? " and " : ", ");
    text.append(std::to_string(numbers.values[i][0]));
  }
  return text;
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.1f %%", 100 * share);
  return text;
}

}  // namespace

LabelDoctor::LabelDoctor(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use, bool trains)
    : seen_(seen), info_(info), use_(use), trains_(trains), classes_(static_cast<int64_t>(info.classes.size())) {
  for (const auto& [number, use_of_it] : seen.labels) {
    const bool known = (number >= 0 && number < classes_) || number == info.ignore_index;
    if (!known) strangers_.push_back(number);
    if (use.reads_stored_numbers()) numbers_[number] = {use_of_it.pixels, use_of_it.solid};
  }
  if (!use.reads_stored_numbers()) numbers_ = seen.stored;
  true_ = true_numbers(numbers_, !seen.lossy.empty());
  for (int64_t label = 0; label < classes_; ++label) {
    if (!occurs(label)) absent_.push_back(label);
  }
}

std::vector<Finding> LabelDoctor::findings() const {
  if (info_.labels_are_sets) return findings_of_sets();
  if (seen_.labels.empty() || !seen_.indexed.empty()) return {};
  if (!strangers_.empty() && true_.is_smeared && use_.reads_stored_numbers() && !is_shifted()) return {smeared()};
  if (is_mask()) return {mask()};
  if (!strangers_.empty()) return {is_shifted() ? shifted() : strangers()};
  if (seen_.read == seen_.samples && may_be_shifted()) return {perhaps_shifted()};
  const auto occurring = classes_ - static_cast<int64_t>(absent_.size());
  if (occurring == 0 || (trains_ && occurring == 1)) return {nothing_to_learn()};
  if (ignored_share() > kMostIgnored) return {mostly_ignored()};
  if (absent_.empty() || seen_.read != seen_.samples) return {};
  return {absent()};
}

// A pixel may be of none of the classes: one class alone is something to learn.
std::vector<Finding> LabelDoctor::findings_of_sets() const {
  if (seen_.pixels == 0) return {};
  if (static_cast<int64_t>(absent_.size()) == classes_) {
    return {{Illness::kNothing,
             "no mask holds anything: no pixel is of a class, and there is nothing to learn",
             {},
             "look at the masks (sshost data preview shows them): what is 0 in them is not of their class"}};
  }
  if (ignored_share() > kMostIgnored) return {mostly_ignored()};
  if (absent_.empty() || seen_.read != seen_.samples) return {};
  return {absent()};
}

// Nothing but 0 and 255, where 255 is no class.
bool LabelDoctor::is_mask() const {
  return use_.reads_stored_numbers() && seen_.labels.size() == 2 && occurs(0) && occurs(255) && classes_ >= 2 &&
         classes_ < 256;
}

// 1..K where 0..K-1 are the classes.
bool LabelDoctor::is_shifted() const {
  return use_.reads_stored_numbers() && strangers_.size() == 1 && strangers_.front() == classes_ && seen_.lossy.empty();
}

// Some of 1..K, where the last one happens not to occur.
bool LabelDoctor::may_be_shifted() const {
  return absent_.size() == 1 && absent_.front() == 0 && classes_ >= 3 && use_.reads_stored_numbers();
}

double LabelDoctor::ignored_share() const {
  int64_t pixels = 0, ignored = 0;
  for (const auto& [number, use] : seen_.labels) {
    pixels += use.pixels;
    if (number == info_.ignore_index) ignored += use.pixels;
  }
  if (info_.labels_are_sets) pixels = seen_.pixels;
  return pixels == 0 ? 0 : static_cast<double>(ignored) / static_cast<double>(pixels);
}

std::vector<Treatment> LabelDoctor::in_order(const TrueValues& numbers) const {
  const auto count = static_cast<int64_t>(numbers.values.size());
  if (!numbers.is_clear || count < 2) return {};
  Changes changes{{"label_map", label_map_of(numbers)}};
  if (numbers.is_smeared) changes.emplace_back("label_tolerance", make_integer(numbers.tolerance));
  if (count == 2 && classes_ == 1) {
    changes.insert(changes.begin(), {"classes", use_.classes_behind_a_background()});
    return {use_.treat(changes, "")};
  }
  if (count > classes_) return {};
  return {use_.treat(changes, classes_ > 2 ? "  # in order: see that each is the right class" : "")};
}

Finding LabelDoctor::mask() const {
  return {.illness = Illness::kNumbers,
          .what = "the labels hold 0 and 255 alone: masks, of which 255 is the object and not what is ignored",
          .treatments = {use_.treat({{"label_map", label_map_of({{{0, 0, 0}, {255, 0, 0}}})}}, "")}};
}

Finding LabelDoctor::smeared() const {
  const bool is_jpeg = !seen_.lossy.empty();
  Finding finding{Illness::kSmeared,
                  "the labels hold " + std::to_string(numbers_.size()) + " numbers, most of them near " +
                      list_of(true_) + ": " +
                      (is_jpeg ? "they are stored as JPEG, which changes numbers" : "their edges are soft"),
                  seen_.lossy};
  finding.mend = "store the labels as PNG, with the number of its class for each pixel";
  int64_t apart = 255;
  for (size_t i = 1; i < true_.values.size(); ++i) {
    apart = std::min<int64_t>(apart, true_.values[i][0] - true_.values[i - 1][0]);
  }
  if (apart > 32) finding.treatments = in_order(true_);  // else one class is taken for its neighbour
  return finding;
}

Finding LabelDoctor::shifted() const {
  Finding finding{.illness = Illness::kNumbers,
                  .what = "",
                  .places = {seen_.example.at(strangers_.front())},
                  .treatments = {use_.treat({{"label_map", label_map_from(1, classes_)}}, "")}};
  if (!occurs(0)) {
    finding.what = "the labels count from 1: " + std::to_string(classes_) + " occurs, 0 does not";
    return finding;
  }
  finding.what = "number " + std::to_string(classes_) + " occurs, one more than the last class: 0 may be what is " +
                 "unlabelled (then the line below mends it), or `classes` lacks one";
  return finding;
}

Finding LabelDoctor::perhaps_shifted() const {
  return {.illness = Illness::kAbsent,
          .what = "class 0 " + info_.classes.front().name +
                  " is the only one that never occurs: the labels may count from 1",
          .treatments = {use_.treat({{"label_map", label_map_from(1, classes_)}}, "  # where they do")}};
}

Finding LabelDoctor::strangers() const {
  Finding finding{Illness::kNumbers,
                  std::to_string(strangers_.size()) + " numbers in the labels are neither a class (0.." +
                      std::to_string(classes_ - 1) + ") nor ignored (" + std::to_string(info_.ignore_index) + ")"};
  for (const int32_t number : strangers_) {
    const LabelUse& use = seen_.labels.at(number);
    finding.places.push_back(std::to_string(number) + ": " + std::to_string(use.pixels) + " pixels in " +
                             std::to_string(use.images) + " labels, such as " + seen_.example.at(number));
  }
  if (use_.reads_stored_numbers()) {
    if (strangers_.size() == 1 && !occurs(info_.ignore_index)) {
      finding.treatments.push_back(use_.treat({{"ignore_index", make_integer(strangers_.front())}},
                                              "  # or a label_map, where it stands for a class"));
    }
    const bool no_class_occurs = static_cast<int64_t>(absent_.size()) == classes_;
    NumberCounts counts = numbers_;
    counts.erase(static_cast<int32_t>(info_.ignore_index));
    const TrueValues numbers = true_numbers(counts, false);
    if (no_class_occurs || classes_ == 1) finding.treatments = in_order(numbers);
    finding.treatments.push_back(use_.treat({{"label_map", label_map_from(0, classes_)}}, "  # ignores them"));
  } else {
    finding.treatments.push_back(use_.treat({{"", make_map()}}, ""));
  }
  return finding;
}

Finding LabelDoctor::absent() const {
  Finding finding{Illness::kAbsent,
                  std::to_string(absent_.size()) + " of " + std::to_string(classes_) + " classes never occur",
                  {},
                  "look at the class list and at what the labels stand for; nothing can be learned of these",
                  static_cast<int64_t>(absent_.size()) * 2 <= classes_ || !trains_};
  for (const int64_t label : absent_) {
    finding.places.push_back(std::to_string(label) + " " + info_.classes[static_cast<size_t>(label)].name);
  }
  return finding;
}

// For labels that are mapped or read as colours in a way that ignores them.
std::vector<Treatment> LabelDoctor::for_stored() const {
  if (use_.reads_colors()) return use_.read_as_colors(seen_.colors, !seen_.lossy.empty());
  return in_order(true_);
}

Finding LabelDoctor::nothing_to_learn() const {
  Finding finding{Illness::kNothing, "", {}, kLookAtTheLabels, false, for_stored()};
  if (static_cast<int64_t>(absent_.size()) == classes_) {
    finding.what = "every pixel is ignored: there is nothing to learn, and nothing to score";
  } else if (classes_ == 1) {
    finding.what = "there is one class alone, \"" + info_.classes.front().name +
                   "\": nothing to tell apart, and every score is 100 %";
  } else {
    for (int64_t label = 0; label < classes_; ++label) {
      if (occurs(label)) finding.what = info_.classes[static_cast<size_t>(label)].name;
    }
    finding.what =
        "of " + std::to_string(classes_) + " classes one alone occurs, \"" + finding.what + "\": nothing to tell apart";
  }
  if (!numbers_.empty()) {
    finding.what += "; the files hold " + list_of(true_);
  }
  return finding;
}

// Where the files' numbers are the classes, what is ignored is so by its number: no map of them in order is right.
Finding LabelDoctor::mostly_ignored() const {
  Finding finding{Illness::kIgnored,
                  percent(ignored_share()) +
                      " of all pixels are ignored, more than in any published data set (at most " +
                      percent(kMostIgnored) + " are taken as they are)",
                  {},
                  kLookAtTheLabels,
                  false,
                  use_.reads_stored_numbers() ? std::vector<Treatment>{} : for_stored()};
  return finding;
}

}  // namespace sshost::data
