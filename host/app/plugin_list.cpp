#include "app/plugin_list.h"

#include <string>

namespace sshost::app {

nlohmann::json to_json(const plugin::Registry& registry) {
  nlohmann::json components = nlohmann::json::array(), refused = nlohmann::json::array();
  for (const plugin::Component* component : registry.all()) {
    components.push_back({{"kind", plugin::word_of_kind(component->kind())},
                          {"type", component->name()},
                          {"text", component->text()},
                          {"plugin", component->plugin_name},
                          {"version", component->plugin_version},
                          {"file", component->path.string()}});
  }
  for (const plugin::Refusal& refusal : registry.refusals()) {
    refused.push_back({{"file", refusal.path.string()}, {"reason", refusal.reason}});
  }
  return {{"components", components}, {"refused", refused}};
}

}  // namespace sshost::app
