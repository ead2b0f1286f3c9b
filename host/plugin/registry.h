#ifndef SSHOST_PLUGIN_REGISTRY_H
#define SSHOST_PLUGIN_REGISTRY_H

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/component.h"
#include "plugin/refusal.h"

namespace sshost::plugin {

// A library that was loaded.
struct Library {
  std::filesystem::path path;  // canonical
  Origin origin = Origin::kSearchPath;
  bool is_installed = false;                             // with the program
  bool is_beside = false;                                // found only because it lies beside the pipeline
  const ss_plugin* descriptor = nullptr;                 // checked; lives as long as the process
  std::vector<std::filesystem::path> dependencies = {};  // loaded with it for the first time; see dependencies.h
};

// The components that the loaded plugins offer, and the libraries that were refused. Made by load_plugins.
// References to components stay valid while the registry lives, also when it is moved. Threads: reading from any.
class Registry {
 public:
  Registry(std::vector<Component> components, std::vector<Refusal> refusals, std::vector<Library> libraries = {},
           std::vector<Refusal> left_out = {});

  // The component that `type` of a pipeline means: a name, or a library's path with or without ":name" (see
  // config/component_type.h). Throws UsageError where there is none, with the names that there are and the libraries
  // that were refused, and where several plugins offer the name, with all their paths; a library that the pipeline
  // names comes before a folder that it names, and that before the search path.
  const Component& find(std::string_view kind, std::string_view type) const;

  // Every component by that name, of whatever kind and plugin: what `plugins describe` shows.
  std::vector<const Component*> named(std::string_view name) const;

  std::vector<const Component*> all() const;                    // by kind, then by name
  std::vector<std::string> names(std::string_view kind) const;  // sorted, each once
  const std::vector<Refusal>& refusals() const { return refusals_; }
  // Components of kinds that this host does not know, in libraries of which it uses the others.
  const std::vector<Refusal>& left_out() const { return left_out_; }
  const std::vector<Library>& libraries() const { return libraries_; }

  // The library that holds the component; nullptr where it was not loaded from a file.
  const Library* library_of(const Component& component) const;

  // Why the library, or the folder, is not used; nullptr where it is, or was never looked at.
  const Refusal* refusal_of(const std::filesystem::path& path) const;

  // Throws UsageError where a file that was named was refused.
  void require_named_files() const;

 private:
  const Component& find_name(std::string_view kind, std::string_view name) const;
  const Component& find_in_file(std::string_view kind, const std::string& path, const std::string& name) const;
  [[noreturn]] void throw_unknown(std::string_view kind, std::string_view name) const;

  std::vector<Component> components_;
  std::vector<Refusal> refusals_;
  std::vector<Library> libraries_;
  std::vector<Refusal> left_out_;
};

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_REGISTRY_H
