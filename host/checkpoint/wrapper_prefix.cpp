#include "checkpoint/wrapper_prefix.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string_view>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr std::array<std::string_view, 3> kWrapperPrefixes = {"module.", "_orig_mod.", "model."};
// Of single layers, anywhere in a name: checkpointed activations, torch.compile, and sharding.
constexpr std::array<std::string_view, 4> kInnerWrappers = {"_checkpoint_wrapped_module.", "_orig_mod.",
                                                            "_fsdp_wrapped_module.", "_fpw_module."};
constexpr std::array<std::string_view, 2> kCounters = {"n_averaged", "steps"};
constexpr size_t kListed = 8;

bool is_counter(const StoredTensor& tensor) {
  return tensor.shape.empty() && std::find(kCounters.begin(), kCounters.end(), tensor.name) != kCounters.end();
}

bool begins_with(const StoredTensor& tensor, std::string_view prefix) {
  return tensor.name.size() > prefix.size() && tensor.name.starts_with(prefix);
}

// Every tensor but the counters, of which there has to be one.
bool all_begin_with(const TensorIndex& index, std::string_view prefix) {
  bool any = false;
  for (const StoredTensor& tensor : index.tensors) {
    if (is_counter(tensor)) continue;
    if (!begins_with(tensor, prefix)) return false;
    any = true;
  }
  return any;
}

// Storages that no tensor uses any more would be read for nothing.
void forget_unused_storages(TensorIndex& index) {
  constexpr size_t kUnused = std::numeric_limits<size_t>::max();
  std::vector<size_t> places(index.storages.size(), kUnused);
  std::vector<StoredBytes> used;
  for (StoredTensor& tensor : index.tensors) {
    size_t& place = places[tensor.storage];
    if (place == kUnused) {
      place = used.size();
      used.push_back(std::move(index.storages[tensor.storage]));
    }
    tensor.storage = place;
  }
  index.storages = std::move(used);
}

void forget_counters(TensorIndex& index) {
  for (const StoredTensor& tensor : index.tensors) {
    if (is_counter(tensor)) index.beside.emplace_back(tensor.name, "a counter");
  }
  if (std::erase_if(index.tensors, is_counter) > 0) forget_unused_storages(index);
}

// The name without the parts that wrappers of single layers put into it.
std::string without_inner_wrappers(std::string name) {
  for (const std::string_view wrapper : kInnerWrappers) {
    for (size_t at = name.find(wrapper); at != std::string::npos; at = name.find(wrapper, at)) {
      if (at == 0 || name[at - 1] == '.') {
        name.erase(at, wrapper.size());
      } else {
        ++at;
      }
    }
  }
  return name;
}

// Two tensors that would get one name keep theirs, as all others do.
void drop_inner_wrappers(TensorIndex& index) {
  std::vector<std::string> names;
  for (const StoredTensor& tensor : index.tensors) names.push_back(without_inner_wrappers(tensor.name));
  if (std::set<std::string>(names.begin(), names.end()).size() != names.size()) return;
  for (size_t i = 0; i < names.size(); ++i) index.tensors[i].name = std::move(names[i]);
}

std::string beginnings(const TensorIndex& index) {
  std::set<std::string> found;
  for (const StoredTensor& tensor : index.tensors) {
    found.insert(tensor.name.substr(0, std::min<size_t>(tensor.name.find('.'), 100)));
  }
  std::string text;
  size_t listed = 0;
  for (const std::string& name : found) {
    if (listed++ == kListed) return text + ", ...";
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

void drop_outer_wrappers(TensorIndex& index) {
  const auto next = [&] {
    return std::find_if(kWrapperPrefixes.begin(), kWrapperPrefixes.end(),
                        [&](std::string_view prefix) { return all_begin_with(index, prefix); });
  };
  for (const auto* prefix = next(); prefix != kWrapperPrefixes.end(); prefix = next()) {
    if (index.dropped_prefix.empty()) forget_counters(index);
    for (StoredTensor& tensor : index.tensors) tensor.name.erase(0, prefix->size());
    index.dropped_prefix += *prefix;
  }
}

}  // namespace

void drop_wrapper_prefixes(TensorIndex& index) {
  drop_outer_wrappers(index);
  drop_inner_wrappers(index);
  drop_outer_wrappers(index);  // "_fsdp_wrapped_module.module."
}

bool any_begins_with(const TensorIndex& index, const std::string& prefix) {
  return std::any_of(index.tensors.begin(), index.tensors.end(),
                     [&](const StoredTensor& tensor) { return begins_with(tensor, prefix); });
}

void keep_prefix(TensorIndex& index, const std::string& prefix, const std::string& file) {
  const std::string all = beginnings(index);
  std::erase_if(index.tensors, [&](const StoredTensor& tensor) { return !begins_with(tensor, prefix); });
  if (index.tensors.empty()) {
    throw Error(file + ": no tensor's name begins with \"" + prefix + "\"; their names begin with " + all);
  }
  for (StoredTensor& tensor : index.tensors) tensor.name.erase(0, prefix.size());
  forget_unused_storages(index);
}

}  // namespace sshost::checkpoint
