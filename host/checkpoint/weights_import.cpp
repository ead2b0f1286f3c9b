#include "checkpoint/weights_import.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "base/printable.h"
#include "checkpoint/metadata.h"
#include "checkpoint/sound_values.h"

namespace sshost::checkpoint {
namespace {

constexpr size_t kListed = 12;  // names in one message; the rest are counted

// The file's tensors by their names, and where a prefix was dropped from all of them by their whole names too: it may
// be a format's own.
struct Index {
  std::unordered_map<std::string_view, const at::Tensor*> tensors;
  std::deque<std::string> whole_names;
  std::map<std::string_view, std::string_view> others;  // what is no tensor, in words

  std::string described(std::string_view name) const {
    const auto found = others.find(name);
    return found == others.end() ? "" : std::string(found->second);
  }
};

struct Attempt {
  ImportReport report;
  std::vector<std::pair<std::string, at::Tensor>> values;  // our name and value
  std::set<const at::Tensor*> taken;                       // of the file
};

Index index_of(const TensorFile& file) {
  Index index;
  for (const auto& [name, tensor] : file.tensors) {
    index.tensors.emplace(name, &tensor);
    if (file.dropped_prefix.empty()) continue;
    index.tensors.emplace(index.whole_names.emplace_back(file.dropped_prefix + name), &tensor);
  }
  for (const auto& [name, what] : file.beside) index.others.emplace(name, what);
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

// A convolution's weight that is needed over `channels` channels where the file has it over red, green and blue.
bool is_of_rgb(const state::StateEntry& entry, const at::Tensor& found, int64_t channels) {
  if (channels == 3 || !entry.name.starts_with("backbone.") || entry.value.dim() != 4 || found.dim() != 4) return false;
  return entry.value.size(1) == channels && found.size(1) == 3;
}

// For a grey image the sum is what the same image gave as RGB. Channels that the file knows nothing of begin with 0, so
// that at first they change nothing.
at::Tensor fitted(const at::Tensor& of_rgb, int64_t channels) {
  std::vector<int64_t> shape = of_rgb.sizes().vec();
  shape[1] = channels;
  at::Tensor weight = at::zeros(shape, of_rgb.options());
  if (channels < 3) {
    weight.select(1, 0).copy_(of_rgb.sum(1));
  } else {
    weight.narrow(1, 0, 3).copy_(of_rgb);
  }
  return weight;
}

// Their value, fitted where that is asked for.
std::optional<at::Tensor> adapted(const state::StateEntry& entry, const model::PublishedName& name,
                                  const at::Tensor& found, const ImportRequest& request) {
  if (!request.adapt_input || !is_of_rgb(entry, found, request.image_channels)) return std::nullopt;
  std::vector<int64_t> shape = entry.value.sizes().vec();
  shape[1] = 3;
  const std::optional<at::Tensor> of_rgb = model::to_ours(name.changes, found, shape);
  return of_rgb ? std::optional(fitted(*of_rgb, request.image_channels)) : std::nullopt;
}

void match(const state::StateEntry& entry, const NameMap& names, const Index& index, const ImportRequest& request,
           Attempt& attempt) {
  const model::PublishedName name = published(names, entry.name);
  const auto found = index.tensors.find(name.name);
  if (found != index.tensors.end()) attempt.taken.insert(found->second);
  if (!entry.persistent) return;  // the model computes it by itself: the file may have it, but need not
  if (found == index.tensors.end()) {
    if (name.optional) {
      attempt.report.kept.push_back(entry.name);
    } else if (!is_batch_counter(entry.name)) {
      attempt.report.missing.push_back({entry.name, name.name, index.described(name.name)});
    }
    return;
  }
  const std::optional<at::Tensor> value = model::to_ours(name.changes, *found->second, entry.value.sizes());
  if (request.of_other_classes.contains(entry.name)) {
    attempt.report.other_names.push_back(entry.name);
    return;
  }
  if (value) {
    attempt.report.used.push_back(entry.name);
    attempt.values.emplace_back(entry.name, request.order.apply(entry.name, *value).to(entry.value.scalar_type()));
    return;
  }
  if (const auto fitted_value = adapted(entry, name, *found->second, request)) {
    attempt.report.used.push_back(entry.name);
    attempt.report.adapted.push_back(entry.name);
    attempt.values.emplace_back(entry.name, *fitted_value);
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

// Of attempts that fit equally well the better is the one whose names the file has, though in other shapes.
std::pair<size_t, size_t> rank(const Attempt& attempt) { return {attempt.values.size(), attempt.taken.size()}; }

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
  for (size_t i = 0; i < std::min(items.size(), limit); ++i) {
    joined += (i == 0 ? "" : separator) + printable_line(text(items[i]));
  }
  if (items.size() > limit) joined += separator + "and " + std::to_string(items.size() - limit) + " more";
  return joined;
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text = "[";
  for (size_t i = 0; i < shape.size(); ++i) text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  return text + "]";
}

std::string missing_text(const MissingTensor& missing) {
  const std::string instead = missing.instead.empty() ? "" : missing.instead + ", which is no tensor of plain numbers";
  if (missing.source == missing.name) return missing.name + (instead.empty() ? "" : " (there: " + instead + ")");
  return missing.name + " (there: " + missing.source + (instead.empty() ? "" : ", " + instead) + ")";
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
  add_list(text, "fitted to the images' channels", report.adapted, same, limit);
  add_list(text, "stay as initialised", report.kept, same, limit);
  add_list(text, "missing", report.missing, missing_text, limit);
  add_list(text, "another shape", report.shape_differs, difference_text, limit);
  add_list(text, "left out, of another number of classes", report.other_classes, difference_text, limit);
  add_list(text, "left out, of other classes", report.other_names, same, limit);
  add_list(text, "unused in the file", report.unused, same, limit);
  for (const std::string& note : report.notes) text += "\n  " + note;
  return text;
}

bool any_of_other_classes(const ImportReport& report, int64_t classes) {
  return std::any_of(report.shape_differs.begin(), report.shape_differs.end(),
                     [&](const ShapeDifference& difference) { return is_of_other_classes(difference, classes); });
}

// The beginnings that the file's names have in front of most of a format's, such as those of a student and a teacher;
// empty where there are none. Looks at some names of each format.
std::vector<std::string> foreign_prefixes(const state::StateStore& store, const TensorFile& file,
                                          const ImportRequest& request) {
  constexpr size_t kTried = 32;
  std::map<std::string, size_t> counts;
  for (const NameMap& names : candidates(store, request)) {
    size_t tried = 0;
    for (const state::StateEntry& entry : store) {
      if (!entry.persistent || !entry.name.starts_with(request.prefix) || tried++ == kTried) continue;
      const std::string wanted = "." + published(names, entry.name).name;
      for (const auto& [name, tensor] : file.tensors) {
        if (name.ends_with(wanted)) ++counts[name.substr(0, name.size() - wanted.size() + 1)];
      }
    }
  }
  size_t most = 0;
  for (const auto& [prefix, count] : counts) most = std::max(most, count);
  std::vector<std::string> prefixes;
  for (const auto& [prefix, count] : counts) {
    if (count == most) prefixes.push_back(prefix);
  }
  return prefixes;
}

std::string hint_of_prefixes(const std::vector<std::string>& prefixes) {
  if (prefixes.empty()) return "\n  Check that the component's options fit the file, or name its `format`.";
  const std::string& first = prefixes.front();
  return "\n  Names in the file begin with " +
         list(prefixes, " or ", [](const std::string& prefix) { return "\"" + prefix + "\""; }) +
         ": `prefix: " + printable_line(first) + "` (--prefix " + printable_line(first) + ") takes these alone.";
}

// Where nothing but the images' channels is in the way of a convolution.
std::string hint_of_channels(const ImportReport& report, const ImportRequest& request) {
  const bool differs =
      std::any_of(report.shape_differs.begin(), report.shape_differs.end(), [&](const ShapeDifference& difference) {
        const auto& [expected, found] = std::pair(difference.expected, difference.found);
        return expected.size() == 4 && found.size() == 4 && expected[1] == request.image_channels && found[1] == 3 &&
               expected[1] != 3;
      });
  if (!differs || request.adapt_input) return {};
  return "\n  The file is for RGB, data.channels is " + std::to_string(request.image_channels) +
         ": adapt_input fits its first convolution.";
}

std::string failure(const ImportReport& report, const ImportRequest& request,
                    const std::vector<std::string>& prefixes) {
  const size_t total = report.used.size() + report.missing.size() + report.shape_differs.size();
  const std::string text = request.what + ": " + std::to_string(total) + " tensors are needed, " +
                           std::to_string(report.used.size()) + " were found by " + report.format + "'s names" +
                           problems(report, kListed) + hint_of_prefixes(prefixes);
  const std::string also = hint_of_channels(report, request);
  if (!any_of_other_classes(report, request.classes)) return text + also;
  return text + also + "\n  The file is for another number of classes than " + std::to_string(request.classes) +
         ": skip_classifier leaves out what depends on it.";
}

}  // namespace

std::string ImportReport::summary() const {
  std::string text = std::to_string(used.size()) + " tensors read by " + format + "'s names";
  if (!adapted.empty()) text += "; fitted to the images' channels: " + list(adapted, ", ", same);
  if (!kept.empty()) {
    text += "; " + std::to_string(kept.size()) + " stay as initialised: " + list(kept, ", ", same);
  }
  if (!other_classes.empty()) {
    text += "; " + std::to_string(other_classes.size()) + " of another number of classes left out: " +
            list(other_classes, ", ", [](const ShapeDifference& difference) { return difference.name; });
  }
  if (!other_names.empty()) {
    text += "; " + std::to_string(other_names.size()) + " of other classes left out: " + list(other_names, ", ", same);
  }
  for (const std::string& note : notes) text += "; " + note;
  if (unused.empty()) return text;
  return text + "; " + std::to_string(unused.size()) + " of the file unused: " + list(unused, ", ", same);
}

std::string ImportReport::text(bool all) const {
  const size_t limit = all ? SIZE_MAX : kListed;
  std::string report = "read by " + format + "'s names";
  add_list(report, "used", used, same, limit);
  return report + problems(*this, limit);
}

std::vector<std::string> unknown_names(const state::StateStore& store, const TensorIndex& file) {
  std::vector<std::string> unknown;
  for (const StoredTensor& tensor : file.tensors) {
    const state::StateEntry* entry = store.find(tensor.name);
    if (entry == nullptr || !entry->persistent) unknown.push_back(tensor.name);
  }
  return unknown;
}

namespace {

// The one that fits best. Throws where it lacks something.
Attempt complete_attempt(const state::StateStore& store, const TensorFile& file, const ImportRequest& request) {
  const Index index = index_of(file);
  std::optional<Attempt> best;
  for (const NameMap& names : candidates(store, request)) {
    Attempt attempt = attempt_import(store, file, index, request, names);
    if (!best || rank(attempt) > rank(*best)) best = std::move(attempt);
  }
  if (!best->report.complete()) {
    const bool nothing_matches = best->report.used.empty() && best->report.shape_differs.empty();
    throw Error(failure(best->report, request,
                        nothing_matches ? foreign_prefixes(store, file, request) : std::vector<std::string>()));
  }
  return *std::move(best);
}

// A moving average, perhaps, which may be the better one.
std::string other_parts_of(const TensorFile& file) {
  if (file.other_parts.empty()) return {};
  const std::string others = list(file.other_parts, ", ", same);
  return "read from " + printable_line(file.part) + "; the file has other state dicts: " + others +
         " (`part: " + printable_line(file.other_parts.front()) + "`, --part)";
}

}  // namespace

void require_fit(const state::StateStore& store, const TensorFile& file, const ImportRequest& request) {
  complete_attempt(store, file, request);
}

ImportReport import_weights(state::StateStore& store, const TensorFile& file, const ImportRequest& request) {
  Attempt attempt = complete_attempt(store, file, request);
  if (request.require_sound_values) require_sound_values(attempt.values, request.what);
  for (const auto& [name, tensor] : attempt.values) store.assign(name, tensor);
  attempt.report.notes = request.notes;
  if (const std::string parts = other_parts_of(file); !parts.empty()) attempt.report.notes.push_back(parts);
  return std::move(attempt.report);
}

namespace {

// The request's tensors that belong to the classes.
std::set<std::string, std::less<>> belonging_to(const ClassAxes& axes, const std::string& prefix) {
  std::set<std::string, std::less<>> names;
  const auto add = [&](const std::string& name) {
    if (name.starts_with(prefix)) names.insert(name);
  };
  for (const auto& [name, of_classes] : axes.axes) add(name);
  for (const std::string& name : axes.unclear) add(name);
  return names;
}

}  // namespace

void consider_classes(ImportRequest& request, const TensorFile& file, const WantedClasses& wanted) {
  std::vector<data::Class> classes = named_classes(file.metadata, request.what);
  const bool is_foreign = classes.empty();
  if (is_foreign) {
    for (const std::string& name : file.classes) classes.push_back({name, {}, static_cast<int64_t>(classes.size())});
  }
  const bool differ_in_number = classes.size() != wanted.classes.size();  // which the shapes tell
  if (!are_others(classes, wanted) || differ_in_number || !wanted.axes) return;
  auto belonging = belonging_to(wanted.axes(), request.prefix);
  if (belonging.empty()) return;
  if (is_foreign && !are_in_another_order(classes, wanted)) {
    // Programs spell names in their own way: only the same ones in another order are surely wrong.
    request.notes.push_back("classes are taken by their numbers: " + difference_of_classes(classes, wanted));
  } else if (request.skip_classifier && wanted.match == ClassMatch::kSame) {
    request.of_other_classes = std::move(belonging);
  } else {
    request.order = class_order(classes, wanted, request.what);
  }
}

}  // namespace sshost::checkpoint
