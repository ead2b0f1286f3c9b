#include "checkpoint/weights_export.h"

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr size_t kListed = 12;  // names in one message

void refuse(const std::vector<std::string>& nameless, const std::string& format) {
  std::string text = "cannot export: " + format + " has no names for " + std::to_string(nameless.size()) + " tensors: ";
  for (size_t i = 0; i < nameless.size() && i < kListed; ++i) text += (i == 0 ? "" : ", ") + nameless[i];
  throw Error(text + (nameless.size() > kListed ? ", ..." : "") + ". Choose another format; sshost has names for all.");
}

}  // namespace

TensorFile export_weights(const state::StateStore& store, const NameMap& names) {
  TensorFile file;
  std::vector<std::string> nameless;
  for (const state::StateEntry& entry : store) {
    const auto published = names.names.find(entry.name);
    if (published == names.names.end()) {
      if (entry.persistent) nameless.push_back(entry.name);
      continue;
    }
    const model::PublishedName& theirs = published->second;
    file.tensors.emplace_back(theirs.name, model::to_theirs(theirs.changes, entry.value.detach().cpu()));
  }
  if (!nameless.empty()) refuse(nameless, names.format);
  return file;
}

}  // namespace sshost::checkpoint
