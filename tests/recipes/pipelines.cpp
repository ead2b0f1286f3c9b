#include "recipes/pipelines.h"

#include <sshost/abi/host.h>

#include "config/load.h"
#include "config/pipeline.h"
#include "plugin/load.h"
#include "run/host_types.h"

namespace sshost::recipes {
namespace {

using Json = nlohmann::json;
using Kind = ss_options_object::Kind;

// A host that has whatever a plugin asks for, and does nothing: only descriptors are read.
const ss_host* inert_host() {
  static const ss_host host = [] {
    ss_host table{};
    table.size = sizeof(ss_host);
    table.abi_major = SS_ABI_MAJOR;
    table.abi_minor = SS_ABI_MINOR;
    table.version = {"recipes", 7};
    table.get = [](const ss_host*, ss_string) -> const void* {
      static const int something = 0;
      return &something;
    };
    table.fail = [](const ss_host*, ss_status status, ss_string) { return status; };
    table.message = [](const ss_host*) { return ss_string{"", 0}; };
    table.log = [](const ss_host*, ss_log_level, ss_string) {};
    return table;
  }();
  return &host;
}

const plugin::Registry& plugins() {
  static const plugin::Registry registry = plugin::load_plugins(
      {.search = {SSHOST_PLUGIN_DIR}, .named = {}, .host = inert_host(), .has_operator = [](std::string_view) {
         return true;
       }});
  return registry;
}

Json to_json(const ss_options_object& value) {
  switch (value.kind) {
    case Kind::kBool:
      return value.boolean;
    case Kind::kInteger:
      return value.integer;
    case Kind::kDouble:
      return value.real;
    case Kind::kString:
      return value.text;
    case Kind::kList: {
      Json list = Json::array();
      for (const ss_options_object& item : value.children) list.push_back(to_json(item));
      return list;
    }
    case Kind::kMap: {
      Json map = Json::object();
      for (std::size_t i = 0; i < value.keys.size(); ++i) map[value.keys[i]] = to_json(value.children[i]);
      return map;
    }
    case Kind::kNull:
      break;
  }
  return nullptr;
}

}  // namespace

Json resolved_pipeline(const std::filesystem::path& file) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_file(file, {}, problems);
  const auto schemas = [](std::string_view kind, std::string_view type) {
    return plugins().find(kind, type).options();
  };
  return to_json(config::read_pipeline(root, schemas, run::host_types(), problems).resolved);
}

}  // namespace sshost::recipes
