#include "run/session.h"

#include <sshost/abi/context.h>
#include <sshost/abi/layers.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "bridge/tables.h"
#include "config/component_type.h"
#include "config/load.h"
#include "config/value_error.h"
#include "file/real_path.h"
#include "layer/layers_table.h"
#include "plugin/find.h"
#include "plugin/known_libraries.h"
#include "plugin/library_hash.h"
#include "plugin/load.h"
#include "run/checkpoint_demands.h"
#include "run/host_types.h"
#include "run/sample_sizes.h"
#include "run/submissions.h"
#include "state/context_table.h"

#ifndef SSHOST_VERSION
#error "the build defines SSHOST_VERSION"
#endif

namespace sshost::run {
namespace {

// Loads what the pipeline names, too. What of `plugins:` is refused goes to `problems`; a type that is refused is
// reported where the type is read.
plugin::Registry open_plugins_of(const config::Node& root, PluginPlaces places, config::Problems& problems,
                                 const bridge::LogFunction& log) {
  const std::vector<config::NamedPlugin> named = config::read_plugins(root);
  const std::vector<std::filesystem::path> named_besides = places.named;
  const auto add = [&](const config::NamedPlugin& plugin) {
    const bool is_users = !places.of_checkpoint || config::is_override(plugin.place);
    (is_users ? places.named : places.wanted).push_back(plugin.path);
  };
  for (const config::NamedPlugin& plugin : config::read_type_paths(root)) add(plugin);
  for (const config::NamedPlugin& plugin : named) add(plugin);
  plugin::Registry registry = open_plugins(places, log);
  for (const std::filesystem::path& path : named_besides) {
    if (const plugin::Refusal* refusal = registry.refusal_of(path)) throw UsageError(to_string(*refusal));
  }
  for (const config::NamedPlugin& plugin : named) {
    const plugin::Refusal* refusal = registry.refusal_of(plugin.path);
    if (refusal != nullptr) problems.error(plugin.place, plugin.key_path, to_string(*refusal));
  }
  return registry;
}

// The libraries that components come from though they only lie beside the pipeline.
std::vector<std::string> libraries_beside(const config::Pipeline& pipeline, const plugin::Registry& registry) {
  std::vector<std::string> paths;
  for (const config::ComponentConfig* config : config::components_of(pipeline)) {
    const plugin::Library* library = registry.library_of(registry.find(config->kind, config->type));
    if (library == nullptr || !library->is_beside) continue;
    const std::string path = library->path.string();
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
  return file::real_path(one) == file::real_path(other);
}

Session check_session(const config::Node& root, PluginPlaces places, config::Problems& problems,
                      const bridge::LogFunction& log) {
  Session session;
  const bool of_checkpoint = places.of_checkpoint;
  session.registry = std::make_unique<plugin::Registry>(open_plugins_of(root, std::move(places), problems, log));
  const plugin::Registry& registry = *session.registry;
  session.pipeline = config::read_pipeline(
      root, [&](std::string_view kind, std::string_view type) { return registry.find(kind, type).options(); },
      host_types(), problems);
  session.submissions = chosen_submissions(registry, session.pipeline, problems);
  problems.throw_if_any();
  if (of_checkpoint) check_demands(session.pipeline, problems);
  problems.throw_if_any();
  name_libraries_beside(session.pipeline, registry);
  session.notices = problems.notices();
  // A checkpoint's says all, and names whatever files its sender likes.
  if (!of_checkpoint) session.fitted = fit_transforms(session);
  const config::Node* output = root.find("output");
  session.names_output = output != nullptr && !output->is_null();
  return session;
}

// What all plugins of the process share.
struct SharedHost {
  SharedHost() : host(std::string(host_version()), nullptr) {
    host.add(SS_LAYERS_1, layer::layers_table());
    host.add(SS_LAYERS_2, layer::layers_2_table());
    host.add(SS_CONTEXT_1, state::context_table());
  }
  bridge::Host host;
  plugin::OpenLibraries libraries;
};

SharedHost& shared_host() {
  static auto* const shared = new SharedHost;  // never deleted: plugins keep pointers to it
  return *shared;
}

// As plugin::sha256_of, with the path in the error.
std::string hash_of(const std::filesystem::path& library) try {
  return plugin::sha256_of(library);
} catch (const plugin::Refused& reason) {
  throw Error(library.string() + ": " + reason.what());
}

// Each value is there once as it is made, once more in another type, and for some draws in between.
std::optional<uint64_t> model_bytes_of(const std::filesystem::path& checkpoint) {
  constexpr uint64_t kPerByte = 8, kAtLeast = uint64_t{1} << 28;
  std::error_code error;
  const uint64_t bytes = std::filesystem::file_size(checkpoint, error);
  return error ? std::nullopt : std::optional(kPerByte * bytes + kAtLeast);
}

bool uses_both_splits(const config::Pipeline& pipeline) {
  const auto has = [&](const char* step) {
    return std::find(pipeline.run.begin(), pipeline.run.end(), step) != pipeline.run.end();
  };
  const config::TrainConfig& train = pipeline.train;
  return has("train") && (has("evaluate") || train.evaluate_every > 0 || train.evaluate_every_epochs);
}

}  // namespace

std::string_view host_version() { return SSHOST_VERSION; }

plugin::Registry open_plugins(const PluginPlaces& places, const bridge::LogFunction& log) {
  SharedHost& shared = shared_host();
  shared.host.set_log(log);
  return plugin::load_plugins({.search = plugin::default_search_path(),
                               .named = places.named,
                               .host = shared.host.abi(),
                               .open = &shared.libraries,
                               .has_operator = bridge::has_operator,
                               .beside = places.beside,
                               .wanted = places.wanted,
                               .trust = places.trust});
}

QuietPlugins::QuietPlugins() : before_(shared_host().host.set_log([](ss_log_level, std::string_view) {})) {}

QuietPlugins::~QuietPlugins() { shared_host().host.set_log(std::move(before_)); }

plugin::Registry open_library(const std::filesystem::path& library, const bridge::LogFunction& log) {
  SharedHost& shared = shared_host();
  shared.host.set_log(log);
  return plugin::load_plugins({.search = {},
                               .named = {library},
                               .host = shared.host.abi(),
                               .open = &shared.libraries,
                               .has_operator = bridge::has_operator});
}

Session open_session(const std::filesystem::path& file, const std::vector<std::string>& overrides,
                     const bridge::LogFunction& log, const std::vector<std::filesystem::path>& plugins) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_file(file, overrides, problems);
  Session session =
      check_session(root, {.named = plugins, .beside = {std::filesystem::absolute(file).parent_path()}}, problems, log);
  session.is_of_a_run = session.names_output && !config::is_override(root.find("output")->place) &&
                        is_same_path(file, std::filesystem::path(session.pipeline.output) / "pipeline.yaml");
  return session;
}

Session open_session_of(const checkpoint::CheckpointInfo& info, const std::filesystem::path& path,
                        const std::vector<std::string>& overrides, plugin::Trust trust, const bridge::LogFunction& log,
                        const std::vector<std::filesystem::path>& plugins) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_text(info.pipeline, path.string(), overrides, problems);
  trust.expect(info.libraries);
  Session session =
      check_session(root, {.named = plugins, .of_checkpoint = true, .trust = std::move(trust)}, problems, log);
  session.most_model_bytes = model_bytes_of(path);
  return session;
}

Session open_session_text(const std::string& yaml, const std::string& name, const std::vector<std::string>& overrides,
                          const bridge::LogFunction& log) {
  config::Problems problems;
  const config::Node root = config::load_pipeline_text(yaml, name, overrides, problems);
  return check_session(root, {}, problems, log);
}

std::vector<const plugin::Component*> used_components(const Session& session) {
  std::vector<const plugin::Component*> used;
  for (const config::ComponentConfig* config : config::components_of(session.pipeline)) {
    const plugin::Component* component = &session.registry->find(config->kind, config->type);
    if (std::find(used.begin(), used.end(), component) == used.end()) used.push_back(component);
  }
  return used;
}

std::map<std::string, std::string> library_hashes(const Session& session) {
  std::map<std::string, std::string> hashes;
  for (const plugin::Component* component : used_components(session)) {
    const plugin::Library* library = session.registry->library_of(*component);
    if (library == nullptr || library->is_installed || hashes.contains(library->path.string())) continue;
    hashes[library->path.string()] = hash_of(library->path);
  }
  return hashes;
}

void remember_libraries(const Session& session) {
  const plugin::KnownLibraries known;
  for (const plugin::Library& library : session.registry->libraries()) {
    if (library.is_installed) continue;
    known.add(hash_of(library.path), library.path);
    for (const std::filesystem::path& each : library.dependencies) known.add(hash_of(each), each);
  }
}

std::vector<std::string> changed_libraries(const Session& session, const checkpoint::CheckpointInfo& info) {
  std::vector<std::string> lines;
  if (info.libraries.empty()) return lines;  // made without any, or by an sshost that did not say
  for (const auto& [path, hash] : library_hashes(session)) {
    const bool was_there = std::any_of(info.libraries.begin(), info.libraries.end(),
                                       [&, &now = hash](const auto& library) { return library.second == now; });
    if (!was_there) lines.push_back(path + " is not what the checkpoint was made with (SHA-256 " + hash + " now)");
  }
  return lines;
}

data::DatasetInfo dataset_info(const Session& session) {
  const config::ComponentConfig& config = session.pipeline.data.dataset;
  const plugin::Component& component = session.registry->find(config.kind, config.type);
  return config::with_places(session.pipeline, [&] {
    return data::DatasetComponent(*component.descriptor, component.path, config.options.get(),
                                  session.pipeline.data.evaluate.split)
        .info();
  });
}

bool names_split(const ss_options_object& patterns) {
  if (patterns.text.find("{split}") != std::string::npos) return true;
  return std::any_of(patterns.children.begin(), patterns.children.end(), names_split);
}

void require_separate_splits(const Session& session) {
  const config::Pipeline& pipeline = session.pipeline;
  const std::string &train = pipeline.data.train.split, &evaluate = pipeline.data.evaluate.split;
  const ss_options_object& options = *pipeline.data.dataset.options;
  const ss_options_object* division = options.find("split");
  const bool divides = division == nullptr || !division->is_null();
  if (!uses_both_splits(pipeline) || train == evaluate || divides) return;
  const std::string key = options.find("annotations") != nullptr ? "annotations" : "images";
  const ss_options_object* patterns = options.find(key);
  if (patterns == nullptr || names_split(*patterns)) return;
  config::with_places(pipeline, [&]() -> void {
    throw config::ValueError("data.dataset." + key,
                             "expected {split} in it, or data.dataset.split; as it is, \"" + train +
                                 "\", which is trained with, and \"" + evaluate +
                                 "\", which is evaluated, are the same files. To divide them by their names: data: "
                                 "{dataset: {split: {val: 0.2}}}; to evaluate what was trained with: data: {evaluate: "
                                 "{split: " +
                                 train + "}}");
  });
}

namespace {

std::unique_ptr<data::Dataset> open_with(const Session& session, const std::string& split,
                                         const ss_options_object& options) {
  const config::ComponentConfig& config = session.pipeline.data.dataset;
  const plugin::Component& component = session.registry->find(config.kind, config.type);
  return config::with_places(session.pipeline, [&] {
    auto dataset = std::make_unique<data::Dataset>(
        *component.descriptor, component.path, &options, split,
        data::ImageOptions{session.pipeline.data.channels, session.pipeline.data.strict_images});
    return dataset;
  });
}

}  // namespace

std::unique_ptr<data::Dataset> open_dataset(const Session& session, const std::string& split) {
  return open_with(session, split, *session.pipeline.data.dataset.options);
}

OpenedImages open_images(const Session& session, const std::string& split) {
  const ss_options_object& options = *session.pipeline.data.dataset.options;
  std::string why;
  try {
    return {open_dataset(session, split), ""};
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    const ss_options_object* labels = options.find("labels");
    if (labels == nullptr || labels->is_null()) throw;
    why = error.what();
  }
  ss_options_object without = options;
  without.set("labels", {});
  return {open_with(session, split, without), why};
}

}  // namespace sshost::run
