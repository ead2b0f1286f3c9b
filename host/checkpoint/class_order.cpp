#include "checkpoint/class_order.h"

#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

#include "base/error.h"
#include "base/printable.h"
#include "checkpoint/metadata.h"

namespace sshost::checkpoint {
namespace {

using Classes = std::vector<data::Class>;

constexpr size_t kMostListed = 8;   // classes of a list that is shown as a whole
constexpr size_t kDifferences = 3;  // that are shown of longer ones

std::string quoted(const std::string& name) {
  constexpr size_t kMostShown = 60;
  return "\"" + printable_line(name.substr(0, kMostShown)) + (name.size() > kMostShown ? "..." : "") + "\"";
}

std::string list(const Classes& classes) {
  std::string text = "[";
  for (const data::Class& entry : classes) text += (text.size() == 1 ? "" : ", ") + quoted(entry.name);
  return text + "]";
}

// "0 is "a" in the file and "c" in the data set, ... and 5 more"
std::string first_differences(const Classes& file, const Classes& model) {
  std::string text;
  size_t count = 0;
  for (size_t i = 0; i < file.size(); ++i) {
    if (file[i].name == model[i].name || ++count > kDifferences) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(i) + " is " + quoted(file[i].name) + " in the file and " +
            quoted(model[i].name) + " in the data set";
  }
  return text + (count > kDifferences ? " and " + std::to_string(count - kDifferences) + " more" : "");
}

std::string difference(const Classes& file, const Classes& model) {
  if (file.size() > kMostListed)
    return "of " + std::to_string(file.size()) + " classes " + first_differences(file, model);
  return "expected the data set's classes " + list(model) + ", found " + list(file);
}

// The place of each class of the model in the file.
std::vector<int64_t> places_by_name(const Classes& file, const Classes& model, const std::string& what) {
  std::map<std::string_view, int64_t> numbers;
  for (size_t i = 0; i < file.size(); ++i) numbers.emplace(file[i].name, static_cast<int64_t>(i));
  std::vector<int64_t> places;
  for (const data::Class& entry : model) {
    const auto found = numbers.find(entry.name);
    const bool is_there = numbers.size() == file.size() && found != numbers.end();
    if (is_there && std::find(places.begin(), places.end(), found->second) == places.end()) {
      places.push_back(found->second);
      continue;
    }
    throw UsageError(what + ": weights.classes: by_name needs each class once on both sides, which " +
                     quoted(entry.name) + " is not: " + difference(file, model));
  }
  return places;
}

bool same_names(const Classes& file, const Classes& model) {
  return std::equal(file.begin(), file.end(), model.begin(), model.end(),
                    [](const data::Class& a, const data::Class& b) { return a.name == b.name; });
}

bool is_permutation(const Classes& file, const Classes& model) {
  return std::is_permutation(file.begin(), file.end(), model.begin(), model.end(),
                             [](const data::Class& a, const data::Class& b) { return a.name == b.name; });
}

}  // namespace

ClassAxes class_axes(const state::StateStore& model, const state::StateStore& with_one_more, int64_t classes) {
  ClassAxes result;
  for (const state::StateEntry& entry : model) {
    if (!entry.persistent) continue;
    const state::StateEntry* other = with_one_more.find(entry.name);
    bool is_clear = other != nullptr && other->value.dim() == entry.value.dim();
    std::vector<int64_t> axes;
    for (int64_t axis = 0; is_clear && axis < entry.value.dim(); ++axis) {
      if (entry.value.size(axis) == other->value.size(axis)) continue;
      is_clear = entry.value.size(axis) == classes && other->value.size(axis) == classes + 1;
      axes.push_back(axis);
    }
    if (!is_clear) result.unclear.push_back(entry.name);
    if (is_clear && !axes.empty()) result.axes.emplace(entry.name, std::move(axes));
  }
  return result;
}

ClassMatch class_match(std::string_view text) {
  if (text == "by_name") return ClassMatch::kByName;
  return text == "by_number" ? ClassMatch::kByNumber : ClassMatch::kSame;
}

at::Tensor ClassOrder::apply(std::string_view name, const at::Tensor& value) const {
  if (places_.empty()) return value;
  auto found = axes_.axes.find(name);
  if (found == axes_.axes.end()) found = axes_.axes.find(name.substr(0, name.rfind('.')));
  if (found == axes_.axes.end()) return value;
  at::Tensor result = value;
  const at::Tensor places = at::tensor(places_, at::kLong).to(value.device());
  for (const int64_t axis : found->second) {
    const bool has_classes = axis < value.dim() && value.size(axis) == places.size(0);  // not a count of steps
    if (has_classes) result = result.index_select(axis, places);
  }
  return result;
}

bool are_others(const Classes& classes, const WantedClasses& wanted) {
  if (classes.empty() || wanted.classes.empty() || are_numbered(wanted.classes)) return false;
  return !same_names(classes, wanted.classes);
}

bool are_in_another_order(const Classes& classes, const WantedClasses& wanted) {
  return are_others(classes, wanted) && is_permutation(classes, wanted.classes);
}

std::string difference_of_classes(const Classes& classes, const WantedClasses& wanted) {
  return difference(classes, wanted.classes);
}

ClassOrder class_order(const Classes& classes, const WantedClasses& wanted, const std::string& what) {
  if (!are_others(classes, wanted) || wanted.match == ClassMatch::kByNumber) return {};
  if (classes.size() != wanted.classes.size()) {
    throw UsageError(what + ": expected weights for " + std::to_string(wanted.classes.size()) +
                     " classes, as the data set has, found some for " + std::to_string(classes.size()));
  }
  if (wanted.match == ClassMatch::kSame) {
    throw UsageError(what + ": " + difference(classes, wanted.classes) + ". " +
                     (is_permutation(classes, wanted.classes)
                          ? "`weights.classes: by_name` puts them in the data set's order"
                          : "`weights.classes: by_number` takes them by their numbers, whatever their names") +
                     "; for other classes begin with the component's `weights` and its skip_classifier");
  }
  std::vector<int64_t> places = places_by_name(classes, wanted.classes, what);
  ClassAxes axes = wanted.axes ? wanted.axes() : ClassAxes{};
  if (axes.unclear.empty()) return {std::move(places), std::move(axes)};
  throw UsageError(what + ": weights.classes: by_name cannot put \"" + axes.unclear.front() +
                   "\" in another order: it has no axis with one place for each class");
}

}  // namespace sshost::checkpoint
