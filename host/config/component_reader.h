#ifndef SSHOST_CONFIG_COMPONENT_READER_H
#define SSHOST_CONFIG_COMPONENT_READER_H

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/host_type.h"
#include "config/node.h"
#include "config/option_value.h"
#include "config/pipeline.h"
#include "config/problems.h"

namespace sshost::config {

// A map with a `type` as the pipeline's struct, and as the value that is written back.
template <typename Config>
struct Read {
  Config config;
  ss_options_object resolved;
};

// `key: value` means `key: [value]` where the value is no list: in place.
void make_list_of(Node& value);

// Reads the maps of a pipeline whose options depend on their `type`. Mistakes go to `problems`; the result is complete
// all the same.
class ComponentReader {
 public:
  ComponentReader(const SchemaSource& schemas, const HostTypes& types, Problems& problems)
      : schemas_(schemas), types_(types), problems_(problems) {}

  // Losses are read as those of independent outputs from now on.
  void expect_independent_outputs() { independent_ = true; }

  // A component of a plugin without starting weights: a data set.
  Read<ComponentConfig> component(const Node& map, std::string_view kind);

  // A component that has parameters, and so `weights`.
  Read<ComponentConfig> network(const Node& map, std::string_view kind);

  Read<AuxiliaryConfig> auxiliary(const Node& map);

  // Losses that are added: a list of maps, or one map that make_list_of wrapped, which is written back as it was.
  // Absent or null: the default.
  Read<std::vector<LossConfig>> losses(const Node* list, const std::string& key_path);

  // One of the host's own or of a plugin. A name of the host's own is the host's.
  Read<TypedConfig> transform(const Node& map);

  // One of the host's own types; `default_type` stands where there is no `type`, empty: it has to be given. An unknown
  // type gives an empty one with no options.
  Read<TypedConfig> host_type(const Node& map, const HostTypeList& types, std::string_view what,
                              const std::string& default_type = "");

 private:
  // `own`: of the host's of that kind, for the message where there is none of that name.
  Read<ComponentConfig> component(const Node& map, std::string_view kind, const std::vector<std::string>& host_keys,
                                  const HostTypeList& own = {});
  Read<LossConfig> loss(const Node& map);
  Read<LossConfig> loss_of_plugin(const Node& map);
  std::string read_type(const Node& map, const std::string& what);
  void add_weights(const Node& map, Read<ComponentConfig>& component);
  void require_fit(const Node& item, const std::string& loss);

  const SchemaSource& schemas_;
  const HostTypes& types_;
  Problems& problems_;
  bool independent_ = false;
};

}  // namespace sshost::config

#endif  // SSHOST_CONFIG_COMPONENT_READER_H
