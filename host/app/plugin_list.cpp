#include "app/plugin_list.h"

#include <string>
#include <vector>

namespace sshost::app {

namespace {

nlohmann::json to_json(const std::vector<plugin::Refusal>& refusals) {
  nlohmann::json list = nlohmann::json::array();
  for (const plugin::Refusal& refusal : refusals) {
    list.push_back({{"file", refusal.path.string()}, {"reason", refusal.reason}});
  }
  return list;
}

}  // namespace

nlohmann::json to_json(const plugin::Registry& registry) {
  nlohmann::json components = nlohmann::json::array();
  for (const plugin::Component* component : registry.all()) {
    components.push_back({{"kind", plugin::word_of_kind(component->kind())},
                          {"type", component->name()},
                          {"text", component->text()},
                          {"plugin", component->plugin_name},
                          {"version", component->plugin_version},
                          {"file", component->path.string()}});
  }
  return {{"components", components},
          {"refused", to_json(registry.refusals())},
          {"left_out", to_json(registry.left_out())}};
}

}  // namespace sshost::app
