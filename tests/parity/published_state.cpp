#include "parity/published_state.h"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "parity/deterministic.h"

namespace sshost::parity {
namespace {

std::map<std::string, std::vector<std::int64_t>> read_keys(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(path.string() + ": cannot be read; expected the names and shapes of a published checkpoint");
  std::map<std::string, std::vector<std::int64_t>> keys;
  try {
    const nlohmann::json json = nlohmann::json::parse(file);
    for (const nlohmann::json& tensor : json.at("tensors"))
      keys[tensor.at(0).get<std::string>()] = tensor.at(1).get<std::vector<std::int64_t>>();
  } catch (const nlohmann::json::exception& error) {
    throw Error(path.string() + ": expected {\"tensors\": [[name, [shape]], ...]}: " + error.what());
  }
  return keys;
}

}  // namespace

std::vector<std::string> key_differences(const model::Segmentor& segmentor, const state::StateStore& store,
                                         const std::filesystem::path& path) {
  auto keys = read_keys(path);
  const std::map<std::string, std::string> names = segmentor.names(kFormat);
  std::vector<std::string> differences;
  for (const state::StateEntry& entry : store) {
    const auto name = names.find(entry.name);
    const auto key = name == names.end() ? keys.end() : keys.find(name->second);
    if (key == keys.end()) {
      if (!entry.persistent) continue;
      const bool named = name != names.end();
      differences.push_back("the model's " + entry.name +
                            (named ? " is " + name->second + ", which is not there" : " has no published name"));
      continue;
    }
    if (entry.value.sizes() != key->second) {
      differences.push_back(c10::str(key->first, " has the shape ", at::IntArrayRef(key->second), ", the model's ",
                                     entry.name, " ", entry.value.sizes()));
    }
    keys.erase(key);
  }
  for (const auto& [name, shape] : keys) differences.push_back(name + " has no place in the model");
  return differences;
}

void fill_by_published_names(const model::Segmentor& segmentor, state::StateStore& store, std::uint64_t seed,
                             double gain) {
  const std::map<std::string, model::PublishedName> names = segmentor.published(kFormat);
  std::string nameless;
  for (const state::StateEntry& entry : store) {
    if (!entry.persistent || !entry.value.is_floating_point()) continue;
    const auto published = names.find(entry.name);
    if (published == names.end()) {
      nameless += "\n  " + entry.name;
      continue;
    }
    const at::IntArrayRef sizes = entry.value.sizes();
    const at::Tensor theirs = deterministic_state(published->second.name, sizes, seed, gain);
    store.assign(entry.name, model::to_ours(published->second.changes, theirs, sizes).value());
  }
  if (!nameless.empty())
    throw Error("the plugins give these tensors no name of " + std::string(kFormat) + ":" + nameless);
}

}  // namespace sshost::parity
