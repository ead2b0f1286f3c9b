#include "plugin/load.h"

#include <string>
#include <utility>

#include "plugin/at_work.h"
#include "plugin/dependencies.h"
#include "plugin/descriptor.h"
#include "plugin/elf_note.h"
#include "plugin/find.h"
#include "plugin/kept_process.h"
#include "plugin/library.h"
#include "plugin/probe.h"
#include "plugin/text.h"
#include "plugin/writers.h"

namespace sshost::plugin {
namespace {

void log(const ss_host& host, ss_log_level level, const std::string& line) { host.log(&host, level, to_abi(line)); }

// Open for good; what that changes in the process is put back.
const ss_plugin* open_kept(const std::filesystem::path& path, const ss_host& host) {
  KeptProcess kept;
  const std::string who = "the plugin " + path.string();
  const AtWork at_work(who);
  const ss_plugin* plugin = call_entry(open_library(path), host);
  for (const std::string& what : kept.restore()) {
    log(host, SS_LOG_WARNING, path.string() + ": loading it changes " + what + " of the whole process; it is put back");
  }
  return plugin;
}

const ss_plugin& open(const LoadRequest& request, const std::filesystem::path& path) {
  probe(path, *request.host, request.probe_limit);
  const ss_plugin* plugin = open_kept(path, *request.host);
  check_descriptor(plugin);
  check_needs(*plugin, *request.host, request.has_operator);
  return *plugin;
}

// What is loaded with it; empty of what is installed.
std::vector<std::filesystem::path> check_writers(const FoundLibrary& library) {
  if (library.is_installed) return {};
  if (const auto reason = writable_by_others(library.written)) throw Refused(*reason);
  return dependencies_of(library.path);
}

const ss_plugin& load(const LoadRequest& request, const FoundLibrary& library, OpenLibraries& opened,
                      std::vector<std::filesystem::path>& dependencies) {
  check_version(read_note(library.path));
  dependencies = check_writers(library);
  if (library.is_wanted) request.trust.require(library.path, dependencies);
  return opened.get(library.path, [&]() -> const ss_plugin& { return open(request, library.path); });
}

std::string unknown_kind(const Component& component) {
  return "this sshost does not know the kind " + std::string(component.kind()) + " of \"" +
         std::string(component.name()) + "\"";
}

// Gives what was left out.
std::vector<Refusal> add_components(const ss_plugin& plugin, const FoundLibrary& library, const ss_host& host,
                                    std::vector<Component>& out) {
  std::vector<Refusal> left_out;
  for (uint32_t i = 0; i < plugin.component_count; ++i) {
    const ss_component* descriptor = plugin.components[i];
    Component component{descriptor, std::string(view(plugin.name)), std::string(view(plugin.version)), library.path,
                        library.origin};
    if (is_known_kind(component.kind())) {
      out.push_back(std::move(component));
    } else {
      log(host, SS_LOG_DEBUG, to_string(component) + " is left out: " + unknown_kind(component));
      left_out.push_back({library.path, unknown_kind(component), library.origin, false});
    }
  }
  if (left_out.size() == plugin.component_count) {
    throw Refused("it has nothing that this sshost knows: " + left_out.front().reason + "; use a newer sshost");
  }
  return left_out;
}

LibraryFinder find(const LoadRequest& request) {
  LibraryFinder finder;
  for (const auto& path : request.named) finder.add_named(path);
  for (const auto& path : request.wanted) finder.add_wanted(path);
  const std::filesystem::path installed = installed_plugins();
  for (const auto& folder : request.search) {
    folder == installed ? finder.add_installed(folder) : finder.add_search_folder(folder);
  }
  for (const auto& folder : request.beside) finder.add_beside(folder);
  return finder;
}

}  // namespace

Registry load_plugins(const LoadRequest& request) {
  const LibraryFinder finder = find(request);
  OpenLibraries first;
  OpenLibraries& opened = request.open != nullptr ? *request.open : first;
  std::vector<Component> components;
  std::vector<Library> libraries;
  std::vector<Refusal> refusals = finder.refusals(), left_out;
  for (const FoundLibrary& library : finder.found()) {
    try {
      std::vector<std::filesystem::path> dependencies;
      const ss_plugin& plugin = load(request, library, opened, dependencies);
      for (Refusal& each : add_components(plugin, library, *request.host, components)) {
        left_out.push_back(std::move(each));
      }
      libraries.push_back(
          {library.path, library.origin, library.is_installed, library.is_beside, &plugin, std::move(dependencies)});
      log(*request.host, SS_LOG_DEBUG, "plugin loaded: " + library.path.string());
    } catch (const NotAPlugin& reason) {
      refusals.push_back({library.path, reason.what(), library.origin, true});
    } catch (const Refused& reason) {
      refusals.push_back({library.path, reason.what(), library.origin, false});
    }
  }
  return Registry(std::move(components), std::move(refusals), std::move(libraries), std::move(left_out));
}

}  // namespace sshost::plugin
