#include "distributed/identity.h"

#include <torch/headeronly/version.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <string_view>

#include "base/error.h"
#include "bridge/boundary.h"
#include "config/differences.h"
#include "config/option_value.h"
#include "config/parse_yaml.h"
#include "distributed/rank_text.h"
#include "plugin/library_hash.h"
#include "run/session.h"

namespace sshost::distributed {
namespace {

using Value = ss_options_object;

// What each rank may have of its own, and why. Besides, paths among the options of the data set: each machine has its
// own place for the files, of which sizes and names are compared.
constexpr std::array kOwn = {
    "name",        // of the run's folder, which rank 0 alone writes
    "output",      // that folder
    "device",      // each rank has its GPU
    "threads",     // how fast, not what
    "plugins",     // where libraries are looked for; those that are used are compared
    "checkpoint",  // read by rank 0 alone, as `weights` are
};

// 32 hexadecimal digits.
class Digest {
 public:
  Digest() { XXH3_128bits_reset(state_.get()); }

  void add(std::string_view bytes) { XXH3_128bits_update(state_.get(), bytes.data(), bytes.size()); }

  std::string text() const {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state_.get()));
    std::string digits;
    for (const unsigned char byte : canonical.digest) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      digits += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
    return digits;
  }

 private:
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_{XXH3_createState(), &XXH3_freeState};
};

std::string digest_of_names(const data::Dataset& split) {
  Digest digest;
  for (int64_t index = 0; index < split.size(); ++index) {
    digest.add(split.describe(index).id);
    digest.add(std::string_view("\0", 1));
  }
  return digest.text();
}

void erase(Value& map, std::string_view key) {
  const auto found = std::find(map.keys.begin(), map.keys.end(), key);
  if (found == map.keys.end()) return;
  map.children.erase(map.children.begin() + (found - map.keys.begin()));
  map.keys.erase(found);
}

void remove_paths(Value& options, const ss_schema& schema) {
  for (uint32_t i = 0; i < schema.option_count; ++i) {
    const ss_option& option = *schema.options[i];
    const std::string_view name = bridge::view(option.name);
    if (option.kind == SS_OPTION_PATH) {
      erase(options, name);
    } else if (option.kind == SS_OPTION_STRUCT && option.shape == SS_OPTION_SCALAR && option.fields != nullptr) {
      if (options.find(name) != nullptr) remove_paths(options.at(name), *option.fields);
    }
  }
}

// "/plugins/psp.so:psp" -> "psp.so:psp".
void shorten_type(Value& component) {
  std::string& type = component.at("type").text;
  type.erase(0, type.rfind('/') + 1);
}

// What may be one of several in a list, or alone.
void shorten_types(Value& value) {
  if (value.kind == Value::Kind::kMap) return shorten_type(value);
  for (Value& each : value.children) shorten_type(each);
}

void remove_own_of_model(Value& model) {
  std::vector<Value*> components;
  for (const char* key : {"backbone", "head", "memory"}) components.push_back(&model.at(key));
  shorten_types(model.at("loss"));
  for (Value& head : model.at("auxiliary").children) {
    components.push_back(&head);
    shorten_types(head.at("loss"));
  }
  for (Value* component : components) {
    if (component->is_null()) continue;
    erase(*component, "weights");
    shorten_type(*component);
  }
}

Value shared_part(const config::Pipeline& pipeline, const ss_schema* dataset) {
  Value shared = pipeline.resolved;
  for (const char* key : kOwn) erase(shared, key);
  Value& data = shared.at("data");
  erase(data, "workers");  // how fast, not what
  if (dataset != nullptr) remove_paths(data.at("dataset"), *dataset);
  shorten_type(data.at("dataset"));
  for (const char* key : {"train", "evaluate"}) shorten_types(data.at(key).at("transforms"));
  remove_own_of_model(shared.at("model"));
  return shared;
}

Value describe_split(const data::Dataset& split) {
  Value described = config::make_map();
  described.set("samples", config::make_integer(split.size()));
  described.set("names", config::make_string(digest_of_names(split)));
  std::vector<Value> classes;
  for (const data::Class& each : split.info().classes) classes.push_back(config::make_string(each.name));
  described.set("classes", config::make_list(std::move(classes)));
  described.set("ignored label", config::make_integer(split.info().ignore_index));
  return described;
}

std::string describe_value(const std::optional<std::string>& value) { return value ? *value : "nothing"; }

// "  train.optimizer.lr: 0.01 (ranks 0, 2), 0.02 (rank 1)"
std::string describe(const config::KeyDifference& difference) {
  std::vector<std::string> values;  // in the order of the ranks
  std::map<std::string, std::vector<int64_t>> ranks;
  for (size_t rank = 0; rank < difference.values.size(); ++rank) {
    const std::string value = describe_value(difference.values[rank]);
    if (!ranks.contains(value)) values.push_back(value);
    ranks[value].push_back(static_cast<int64_t>(rank));
  }
  std::string text;
  for (const std::string& value : values) {
    text += (text.empty() ? "" : ", ") + value + " (" + list_ranks(ranks[value]) + ")";
  }
  return "  " + difference.key + ": " + text;
}

std::string describe_differences(const std::vector<std::string>& identities) {
  constexpr size_t kMost = 30;
  std::vector<config::Node> nodes;
  config::Problems ignored;
  for (const std::string& identity : identities) nodes.push_back(config::parse_yaml(identity, "", "", ignored));
  const std::vector<config::KeyDifference> found = config::differences(nodes);
  std::string text;
  for (size_t i = 0; i < std::min(found.size(), kMost); ++i) text += "\n" + describe(found[i]);
  if (found.size() > kMost) text += "\n  and " + std::to_string(found.size() - kMost) + " more";
  return text;
}

}  // namespace

std::string identity_of(const Work& work) {
  const auto is_dataset = [&](const plugin::Component* each) {
    return each->kind() == work.pipeline.data.dataset.kind;
  };
  const auto dataset = std::find_if(work.components.begin(), work.components.end(), is_dataset);
  Value identity = shared_part(work.pipeline, (*dataset)->options());
  Value splits = config::make_map();
  for (const data::Dataset* split : work.splits) splits.set(split->split(), describe_split(*split));
  identity.set("split", std::move(splits));
  Value plugins = config::make_map();
  for (const plugin::Component* component : work.components) {
    const std::string file = plugin::sha256_of(component->path);
    plugins.set(component->plugin_name, config::make_string(component->plugin_version + ", SHA-256 " + file));
  }
  identity.set("plugin", std::move(plugins));
  identity.set("sshost", config::make_string(std::string(run::host_version())));
  identity.set("LibTorch", config::make_string(TORCH_VERSION));
  return config::to_yaml(identity);
}

void require_same_identity(const std::string& own, const state::Ranks& ranks) {
  if (ranks.alone()) return;
  const std::vector<std::string> all = ranks.gather(own);
  const bool same = std::all_of(all.begin(), all.end(), [&](const std::string& each) { return each == all.front(); });
  if (same) return;
  if (!ranks.is_first()) {
    throw UsageError("the ranks were not started with the same pipeline, plugins and data; rank 0 says what differs");
  }
  throw UsageError("the ranks have to be started with the same pipeline, plugins and data; they differ in" +
                   describe_differences(all));
}

std::string samples_of(const data::Dataset& split) {
  return std::to_string(split.size()) + " " + digest_of_names(split);
}

}  // namespace sshost::distributed
