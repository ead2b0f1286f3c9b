#include <algorithm>
#include <utility>

#include "base/error.h"
#include "model/named_input.h"
#include "model/segmentor.h"

namespace sshost::model {
namespace {

struct ComponentRules {
  std::string prefix;
  std::vector<NameRule> rules;
};

// The published name of one of the store's keys, by the rules of the component that it belongs to.
std::optional<PublishedName> published_name(const std::vector<ComponentRules>& components, std::string_view key) {
  for (const ComponentRules& component : components) {
    if (key.size() <= component.prefix.size() || key[component.prefix.size()] != '.') continue;
    if (!key.starts_with(component.prefix)) continue;
    return publish(component.rules, key.substr(component.prefix.size() + 1));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> Segmentor::formats() const {
  std::vector<std::string> formats;
  const auto add = [&formats](const std::vector<std::string>& known) {
    for (const std::string& format : known) {
      if (std::find(formats.begin(), formats.end(), format) == formats.end()) formats.push_back(format);
    }
  };
  add(FeatureStage::formats());
  add(backbone_->instance().formats());
  if (head_) add(head_->instance().formats());
  if (memory_) add(memory_->instance().formats());
  for (const Auxiliary& auxiliary : auxiliary_) add(auxiliary.head->instance().formats());
  return formats;
}

bool Segmentor::head_reads(std::size_t auxiliary) const {
  if (!head_) return false;
  const std::vector<std::string>& inputs = head_->named_inputs();
  return std::any_of(inputs.begin(), inputs.end(), [auxiliary](const std::string& name) {
    return parse_named_input(name).value().auxiliary == auxiliary;
  });
}

std::map<std::string, std::string> Segmentor::names(std::string_view format) const {
  std::map<std::string, std::string> names;
  for (auto& [ours, theirs] : published(format)) names.emplace(ours, theirs.name);
  return names;
}

std::map<std::string, PublishedName> Segmentor::published(std::string_view format) const {
  const auto siblings = static_cast<uint32_t>(auxiliary_.size());
  std::vector<ComponentRules> components;
  const auto add = [&](std::string prefix, const Instance& instance, ss_role role, uint32_t index = 0,
                       bool read_by_head = false) {
    components.push_back({std::move(prefix), instance.rules({role, format, index, siblings, read_by_head})});
  };
  add("backbone", backbone_->instance(), SS_ROLE_BACKBONE);
  components.push_back({"features", FeatureStage::rules(format)});
  if (head_) add("head", head_->instance(), memory_ ? SS_ROLE_CONTEXT : SS_ROLE_HEAD);
  if (memory_) add("memory", memory_->instance(), SS_ROLE_MEMORY);
  for (uint32_t index = 0; index < siblings; ++index) {
    add("auxiliary." + std::to_string(index), auxiliary_[index].head->instance(), SS_ROLE_AUXILIARY, index,
        head_reads(index));
  }

  std::map<std::string, PublishedName> names;
  std::map<std::string, std::string> owners;
  for (const state::StateEntry& entry : store_) {
    std::optional<PublishedName> published = published_name(components, entry.name);
    if (!published) continue;
    const auto [owner, is_new] = owners.emplace(published->name, entry.name);
    if (!is_new) {
      throw Error("format \"" + std::string(format) + "\" gives \"" + owner->second + "\" and \"" + entry.name +
                  "\" the same name \"" + published->name + "\"");
    }
    names.emplace(entry.name, std::move(*published));
  }
  return names;
}

}  // namespace sshost::model
