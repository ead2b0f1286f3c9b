#include "conform/subject.h"

#include "base/error.h"
#include "config/checker.h"
#include "config/parse_yaml.h"
#include "run/session.h"

namespace sshost::conform {
namespace {

config::Node node_of(const std::string& yaml) {
  config::Problems problems;
  config::Node node = yaml.empty() ? config::Node{} : config::parse_yaml(yaml, "--options", "", problems);
  problems.throw_if_any();
  return node;
}

}  // namespace

plugin::Registry load_library(const std::filesystem::path& library) {
  plugin::Registry registry = run::open_library(library, [](ss_log_level, std::string_view) {});
  registry.require_named_files();
  return registry;
}

config::ComponentConfig read_options(const plugin::Component& component, const std::string& yaml) {
  config::Problems problems;
  const ss_options_object options =
      config::check_options(node_of(yaml), component.options(), component.name(), {}, problems);
  problems.throw_if_any();
  config::ComponentConfig config;
  config.kind = component.kind();
  config.type = component.name();
  config.options = std::make_shared<const ss_options_object>(options);
  return config;
}

config::ComponentConfig Subject::with(const std::string& yaml) const { return read_options(*component, yaml); }

Subject subject_of(const plugin::Registry& registry, const std::filesystem::path& library, const ComponentName& name,
                   const std::string& options) {
  const plugin::Component& component = registry.find(name.kind, name.name);
  return {library, &component, read_options(component, options), options};
}

}  // namespace sshost::conform
