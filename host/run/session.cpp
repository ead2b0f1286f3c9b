#include "run/session.h"

#include <sshost/abi/context.h>
#include <sshost/abi/layers.h>

#include <algorithm>
#include <utility>

#include "bridge/tables.h"
#include "config/component_type.h"
#include "config/load.h"
#include "layer/layers_table.h"
#include "plugin/find.h"
#include "plugin/load.h"
#include "state/context_table.h"

#ifndef SSHOST_VERSION
#error "the build defines SSHOST_VERSION"
#endif

namespace sshost::run {
namespace {

// Loads what the pipeline names, too. What of `plugins:` is refused goes to `problems`; a type that is refused is
// reported where the type is read.
plugin::Registry open_plugins_of(const config::Node& root, const std::vector<std::filesystem::path>& folders,
                                 config::Problems& problems, const bridge::LogFunction& log) {
  const std::vector<config::NamedPlugin> named = config::read_plugins(root);
  std::vector<std::filesystem::path> paths = config::read_type_paths(root);
  for (const config::NamedPlugin& plugin : named) paths.push_back(plugin.path);
  plugin::Registry registry = open_plugins(paths, log, folders);
  for (const config::NamedPlugin& plugin : named) {
    const plugin::Refusal* refusal = registry.refusal_of(plugin.path);
    if (refusal != nullptr) problems.error(plugin.place, plugin.key_path, to_string(*refusal));
  }
  return registry;
}

// The libraries that are found only because they lie beside the pipeline.
std::vector<std::string> libraries_beside(const config::Pipeline& pipeline, const plugin::Registry& registry) {
  plugin::LibraryFinder everywhere;
  for (const std::filesystem::path& folder : plugin::default_search_path()) everywhere.add_search_folder(folder);
  std::vector<std::string> paths;
  for (const config::ComponentConfig* config : config::components_of(pipeline)) {
    if (config::split_type_path(config->type)) continue;  // the type says where
    const plugin::Component& component = registry.find(config->kind, config->type);
    if (component.origin != plugin::Origin::kSearchPath || everywhere.has(component.path)) continue;
    const std::string path = component.path.string();
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

// The pipeline is also read from elsewhere: out of the run's folder, and out of a checkpoint.
void name_libraries_beside(config::Pipeline& pipeline, const plugin::Registry& registry) {
  std::vector<ss_options_object> plugins;
  for (std::string& path : libraries_beside(pipeline, registry)) pipeline.plugins.push_back(std::move(path));
  for (const std::string& path : pipeline.plugins) plugins.push_back(config::make_string(path));
  pipeline.resolved.set("plugins", config::make_list(std::move(plugins)));
}

bool is_same_path(const std::filesystem::path& one, const std::filesystem::path& other) {
  return std::filesystem::weakly_canonical(one) == std::filesystem::weakly_canonical(other);
}

Session check_session(const config::Node& root, const std::vector<std::filesystem::path>& folders,
                      config::Problems& problems, const bridge::LogFunction& log) {
  Session session;
  session.registry = std::make_unique<plugin::Registry>(open_plugins_of(root, folders, problems, log));
  const plugin::Registry& registry = *session.registry;
  session.pipeline = config::read_pipeline(
      root, [&](std::string_view kind, std::string_view type) { return registry.find(kind, type).options(); },
      problems);
  name_libraries_beside(session.pipeline, registry);
  session.notices = problems.notices();
  const config::Node* output = root.find("output");
  session.names_output = output != nullptr && !output->is_null();
  return session;
}

}  // namespace

std::string_view host_version() { return SSHOST_VERSION; }

plugin::Registry open_plugins(const std::vector<std::filesystem::path>& named, const bridge::LogFunction& log,
                              const std::vector<std::filesystem::path>& folders) {
  auto* host = new bridge::Host(std::string(host_version()), log);  // never deleted: plugins keep pointers to it
  host->add(SS_LAYERS_1, layer::layers_table());
  host->add(SS_CONTEXT_1, state::context_table());
  std::vector<std::filesystem::path> search = plugin::default_search_path();
  search.insert(search.end(), folders.begin(), folders.end());
  return plugin::load_plugins(
      {.search = search, .named = named, .host = host->abi(), .has_operator = bridge::has_operator});
}

Session open_session(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const bridge::LogFunction& log) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_file(file, overrides, problems);
  Session session = check_session(root, {std::filesystem::absolute(file).parent_path()}, problems, log);
  session.is_of_a_run = session.names_output && !config::is_override(root.find("output")->place) &&
                        is_same_path(file, std::filesystem::path(session.pipeline.output) / "pipeline.yaml");
  return session;
}

Session open_session_text(const std::string& yaml, const std::string& name, const std::vector<std::string>& overrides,
                          const bridge::LogFunction& log) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_text(yaml, name, overrides, problems);
  return check_session(root, {}, problems, log);
}

data::DatasetInfo dataset_info(const Session& session) {
  const config::ComponentConfig& config = session.pipeline.data.dataset;
  const plugin::Component& component = session.registry->find(config.kind, config.type);
  return data::DatasetComponent(*component.descriptor, component.path, config.options.get(),
                                session.pipeline.data.evaluate.split)
      .info();
}

std::unique_ptr<data::Dataset> open_dataset(const Session& session, const std::string& split) {
  const config::ComponentConfig& config = session.pipeline.data.dataset;
  const plugin::Component& component = session.registry->find(config.kind, config.type);
  return std::make_unique<data::Dataset>(*component.descriptor, component.path, config.options.get(), split,
                                         session.pipeline.data.strict_images);
}

}  // namespace sshost::run
