#include "checkpoint/weights_import.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr size_t kListed = 12;  // names in one message; the rest are counted

using Index = std::unordered_map<std::string_view, const at::Tensor*>;

struct Attempt {
  ImportReport report;
  std::vector<std::pair<std::string, at::Tensor>> values;  // our name and value
  std::set<const at::Tensor*> taken;                       // of the file
};

Index index_of(const TensorFile& file) {
  Index index;
  for (const auto& [name, tensor] : file.tensors) index.emplace(name, &tensor);
  return index;
}

bool is_batch_counter(std::string_view name) { return name.ends_with("num_batches_tracked"); }

// The model's own names without the first `cut` characters: all of them as in a whole checkpoint, or without the
// component's prefix as in a file of it alone.
NameMap own_names(const state::StateStore& store, const std::string& prefix, size_t cut) {
  NameMap own{std::string(kOwnNames), {}};
  for (const state::StateEntry& entry : store) {
    if (entry.name.starts_with(prefix)) own.names.emplace(entry.name, model::PublishedName{entry.name.substr(cut)});
  }
  return own;
}

model::PublishedName published(const NameMap& names, const std::string& ours) {
  const auto known = names.names.find(ours);
  return known == names.names.end() ? model::PublishedName{ours} : known->second;
}

// Whether the shapes differ in nothing but the first axis, which has the model's classes here.
bool is_of_other_classes(const ShapeDifference& difference, int64_t classes) {
  const auto& [expected, found] = std::pair(difference.expected, difference.found);
  if (classes == 0 || expected.empty() || expected.size() != found.size()) return false;
  return expected[0] == classes && found[0] != classes &&
         std::equal(expected.begin() + 1, expected.end(), found.begin() + 1);
}

void match(const state::StateEntry& entry, const NameMap& names, const Index& index, const ImportRequest& request,
           Attempt& attempt) {
  const model::PublishedName name = published(names, entry.name);
  const auto found = index.find(name.name);
  if (found != index.end()) attempt.taken.insert(found->second);
  if (!entry.persistent) return;  // the model computes it by itself: the file may have it, but need not
  if (found == index.end()) {
    if (name.optional) {
      attempt.report.kept.push_back(entry.name);
    } else if (!is_batch_counter(entry.name)) {
      attempt.report.missing.push_back({entry.name, name.name});
    }
    return;
  }
  const std::optional<at::Tensor> value = model::to_ours(name.changes, *found->second, entry.value.sizes());
  if (value) {
    attempt.report.used.push_back(entry.name);
    attempt.values.emplace_back(entry.name, *value);
    return;
  }
  ShapeDifference difference{entry.name, name.name, entry.value.sizes().vec(), found->second->sizes().vec()};
  const bool skipped = request.skip_classifier && is_of_other_classes(difference, request.classes);
  (skipped ? attempt.report.other_classes : attempt.report.shape_differs).push_back(std::move(difference));
}

Attempt attempt_import(const state::StateStore& store, const TensorFile& file, const Index& index,
                       const ImportRequest& request, const NameMap& names) {
  Attempt attempt;
  attempt.report.format = names.format;
  for (const state::StateEntry& entry : store) {
    if (entry.name.starts_with(request.prefix)) match(entry, names, index, request, attempt);
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!attempt.taken.contains(&tensor) && !is_batch_counter(name)) attempt.report.unused.push_back(name);
  }
  return attempt;
}

std::vector<NameMap> candidates(const state::StateStore& store, const ImportRequest& request) {
  // Of equal ones the first is taken: a component may use a published format's names as its own.
  std::vector<NameMap> formats = {own_names(store, request.prefix, 0)};
  formats.insert(formats.end(), request.formats.begin(), request.formats.end());
  if (!request.prefix.empty()) formats.push_back(own_names(store, request.prefix, request.prefix.size()));
  if (request.format.empty()) return formats;
  std::string known;
  for (const NameMap& names : formats) {
    if (known.find(names.format) == std::string::npos) known += (known.empty() ? "" : ", ") + names.format;
  }
  std::erase_if(formats, [&](const NameMap& names) { return names.format != request.format; });
  if (formats.empty()) {
    throw UsageError(request.what + ": unknown format \"" + request.format + "\"; known here: " + known);
  }
  return formats;
}

// Joins the first `limit` and counts the rest.
template <typename Item, typename Text>
std::string list(const std::vector<Item>& items, const std::string& separator, Text text, size_t limit = kListed) {
  std::string joined;
  for (size_t i = 0; i < std::min(items.size(), limit); ++i) joined += (i == 0 ? "" : separator) + text(items[i]);
  if (items.size() > limit) joined += separator + "and " + std::to_string(items.size() - limit) + " more";
  return joined;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::string missing_text(const MissingTensor& missing) {
  return missing.source == missing.name ? missing.name : missing.name + " (there: " + missing.source + ")";
}

std::string difference_text(const ShapeDifference& difference) {
  return difference.name + " is " + shape_text(difference.expected) + ", the file has " + shape_text(difference.found);
}

std::string same(const std::string& name) { return name; }

// "\n  missing (2): a, b"; nothing for an empty list.
template <typename Item, typename Text>
void add_list(std::string& report, const char* what, const std::vector<Item>& items, Text text, size_t limit) {
  if (items.empty()) return;
  report += std::string("\n  ") + what + " (" + std::to_string(items.size()) + "): " + list(items, ", ", text, limit);
}

std::string problems(const ImportReport& report, size_t limit) {
  std::string text;
  add_list(text, "stay as initialised", report.kept, same, limit);
  add_list(text, "missing", report.missing, missing_text, limit);
  add_list(text, "another shape", report.shape_differs, difference_text, limit);
  add_list(text, "left out, of another number of classes", report.other_classes, difference_text, limit);
  add_list(text, "unused in the file", report.unused, same, limit);
  return text;
}

bool any_of_other_classes(const ImportReport& report, int64_t classes) {
  return std::any_of(report.shape_differs.begin(), report.shape_differs.end(),
                     [&](const ShapeDifference& difference) { return is_of_other_classes(difference, classes); });
}

std::string failure(const ImportReport& report, const ImportRequest& request) {
  const size_t total = report.used.size() + report.missing.size() + report.shape_differs.size();
  const std::string text = request.what + ": " + std::to_string(total) + " tensors are needed, " +
                           std::to_string(report.used.size()) + " were found by " + report.format + "'s names" +
                           problems(report, kListed) +
                           "\n  Check that the component's options fit the file, or name its `format`.";
  if (!any_of_other_classes(report, request.classes)) return text;
  return text + "\n  The file is for another number of classes than " + std::to_string(request.classes) +
         ": skip_classifier leaves out what depends on it.";
}

}  // namespace

std::string ImportReport::summary() const {
  std::string text = std::to_string(used.size()) + " tensors read by " + format + "'s names";
  if (!kept.empty()) {
    text += "; " + std::to_string(kept.size()) + " stay as initialised: " + list(kept, ", ", same);
  }
  if (!other_classes.empty()) {
    text += "; " + std::to_string(other_classes.size()) + " of another number of classes left out: " +
            list(other_classes, ", ", [](const ShapeDifference& difference) { return difference.name; });
  }
  if (unused.empty()) return text;
  return text + "; " + std::to_string(unused.size()) + " of the file unused: " + list(unused, ", ", same);
}

std::string ImportReport::text(bool all) const {
  const size_t limit = all ? SIZE_MAX : kListed;
  std::string report = "read by " + format + "'s names";
  add_list(report, "used", used, same, limit);
  return report + problems(*this, limit);
}

std::vector<std::string> unknown_names(const state::StateStore& store, const TensorFile& file) {
  std::vector<std::string> unknown;
  for (const auto& [name, tensor] : file.tensors) {
    const state::StateEntry* entry = store.find(name);
    if (entry == nullptr || !entry->persistent) unknown.push_back(name);
  }
  return unknown;
}

ImportReport import_weights(state::StateStore& store, const TensorFile& file, const ImportRequest& request) {
  const Index index = index_of(file);
  std::optional<Attempt> best;
  for (const NameMap& names : candidates(store, request)) {
    Attempt attempt = attempt_import(store, file, index, request, names);
    if (!best || attempt.values.size() > best->values.size()) best = std::move(attempt);
  }
  if (!best->report.complete()) throw Error(failure(best->report, request));
  for (const auto& [name, tensor] : best->values) store.assign(name, tensor);
  return best->report;
}

}  // namespace sshost::checkpoint
