#include "checkpoint/weights_import.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "error.h"

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
NameMap own_names(const model::StateStore& store, const std::string& prefix, size_t cut) {
  NameMap own{std::string(kOwnNames), {}};
  for (const model::StateEntry& entry : store) {
    if (entry.name.starts_with(prefix)) own.names.emplace(entry.name, model::PublishedName{entry.name.substr(cut)});
  }
  return own;
}

void match(const model::StateEntry& entry, const NameMap& names, const Index& index, Attempt& attempt) {
  const auto known = names.names.find(entry.name);
  const model::PublishedName published = known == names.names.end() ? model::PublishedName{entry.name} : known->second;
  const std::string& source = published.name;
  const auto found = index.find(source);
  if (found == index.end()) {
    if (published.optional) attempt.report.kept.push_back(entry.name);
    const bool needed = !published.optional && !published.derived && !is_batch_counter(entry.name);
    if (needed) attempt.report.missing.push_back({entry.name, source});
    return;
  }
  attempt.taken.insert(found->second);
  if (published.derived) return;
  const std::optional<at::Tensor> value = model::to_ours(published.changes, *found->second, entry.value.sizes());
  if (!value) {
    attempt.report.shape_differs.push_back(
        {entry.name, source, entry.value.sizes().vec(), found->second->sizes().vec()});
    return;
  }
  attempt.report.used.push_back(entry.name);
  attempt.values.emplace_back(entry.name, *value);
}

Attempt attempt_import(const model::StateStore& store, const TensorFile& file, const Index& index,
                       const std::string& prefix, const NameMap& names) {
  Attempt attempt;
  attempt.report.format = names.format;
  for (const model::StateEntry& entry : store) {
    if (entry.persistent && entry.name.starts_with(prefix)) match(entry, names, index, attempt);
  }
  for (const auto& [name, tensor] : file.tensors) {
    if (!attempt.taken.contains(&tensor) && !is_batch_counter(name)) attempt.report.unused.push_back(name);
  }
  return attempt;
}

std::vector<NameMap> candidates(const model::StateStore& store, const ImportRequest& request) {
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

// Joins the first names and counts the rest.
template <typename Item, typename Text>
std::string list(const std::vector<Item>& items, const std::string& separator, Text text) {
  std::string joined;
  for (size_t i = 0; i < std::min(items.size(), kListed); ++i) joined += (i == 0 ? "" : separator) + text(items[i]);
  if (items.size() > kListed) joined += separator + "and " + std::to_string(items.size() - kListed) + " more";
  return joined;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::string failure(const ImportReport& report, const ImportRequest& request) {
  const size_t total = report.used.size() + report.missing.size() + report.shape_differs.size();
  std::string text = request.what + ": " + std::to_string(total) + " tensors are needed, " +
                     std::to_string(report.used.size()) + " were found by " + report.format + "'s names";
  if (!report.missing.empty()) {
    text += "\n  missing (" + std::to_string(report.missing.size()) +
            "): " + list(report.missing, ", ", [](const MissingTensor& missing) {
              return missing.source == missing.name ? missing.name : missing.name + " (there: " + missing.source + ")";
            });
  }
  if (!report.shape_differs.empty()) {
    text += "\n  another shape (" + std::to_string(report.shape_differs.size()) +
            "): " + list(report.shape_differs, ", ", [](const ShapeDifference& difference) {
              return difference.name + " is " + shape_text(difference.expected) + ", the file has " +
                     shape_text(difference.found);
            });
  }
  if (!report.unused.empty()) {
    text += "\n  unused in the file (" + std::to_string(report.unused.size()) +
            "): " + list(report.unused, ", ", [](const std::string& name) { return name; });
  }
  return text + "\n  Check that the component's options fit the file, or name its `format`.";
}

}  // namespace

std::string ImportReport::summary() const {
  const auto as_it_is = [](const std::string& name) { return name; };
  std::string text = std::to_string(used.size()) + " tensors read by " + format + "'s names";
  if (!kept.empty()) {
    text += "; " + std::to_string(kept.size()) + " stay as initialised: " + list(kept, ", ", as_it_is);
  }
  if (unused.empty()) return text;
  return text + "; " + std::to_string(unused.size()) + " of the file unused: " + list(unused, ", ", as_it_is);
}

std::vector<std::string> unknown_names(const model::StateStore& store, const TensorFile& file) {
  std::vector<std::string> unknown;
  for (const auto& [name, tensor] : file.tensors) {
    const model::StateEntry* entry = store.find(name);
    if (entry == nullptr || !entry->persistent) unknown.push_back(name);
  }
  return unknown;
}

ImportReport import_weights(model::StateStore& store, const TensorFile& file, const ImportRequest& request) {
  const Index index = index_of(file);
  std::optional<Attempt> best;
  for (const NameMap& names : candidates(store, request)) {
    Attempt attempt = attempt_import(store, file, index, request.prefix, names);
    if (!best || attempt.values.size() > best->values.size()) best = std::move(attempt);
  }
  if (!best->report.complete()) throw Error(failure(best->report, request));
  for (const auto& [name, tensor] : best->values) store.assign(name, tensor);
  return best->report;
}

}  // namespace sshost::checkpoint
