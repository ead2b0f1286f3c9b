#ifndef SSHOST_APP_PLUGIN_LIST_H
#define SSHOST_APP_PLUGIN_LIST_H

#include <nlohmann/json.hpp>

#include "plugin/registry.h"

namespace sshost::app {

// {"components": [{kind, type, text, plugin, version, file}], "refused" and "left_out": [{file, reason}]}.
nlohmann::json to_json(const plugin::Registry& registry);

}  // namespace sshost::app

#endif  // SSHOST_APP_PLUGIN_LIST_H
