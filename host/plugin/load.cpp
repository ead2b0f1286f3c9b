#include "plugin/load.h"

#include <string>

#include "plugin/descriptor.h"
#include "plugin/elf_note.h"
#include "plugin/find.h"
#include "plugin/library.h"
#include "plugin/probe.h"
#include "plugin/text.h"

namespace sshost::plugin {
namespace {

const ss_plugin& load(const LoadRequest& request, const FoundLibrary& library) {
  check_version(read_note(library.path));
  probe(library.path, *request.host, request.probe_limit);
  const ss_plugin* plugin = call_entry(open_library(library.path), *request.host);
  check_descriptor(plugin);
  check_needs(*plugin, *request.host, request.has_operator);
  return *plugin;
}

void log_debug(const ss_host& host, const std::string& line) { host.log(&host, SS_LOG_DEBUG, to_abi(line)); }

void add_components(const ss_plugin& plugin, const FoundLibrary& library, const ss_host& host,
                    std::vector<Component>& out) {
  for (uint32_t i = 0; i < plugin.component_count; ++i) {
    const ss_component* descriptor = plugin.components[i];
    Component component{descriptor, std::string(view(plugin.name)), std::string(view(plugin.version)), library.path,
                        library.origin};
    if (is_known_kind(component.kind())) {
      out.push_back(std::move(component));
    } else {
      log_debug(host, to_string(component) + " is left out: this sshost does not know the kind " +
                          std::string(component.kind()));
    }
  }
}

}  // namespace

Registry load_plugins(const LoadRequest& request) {
  LibraryFinder finder;
  for (const auto& path : request.named) finder.add_named(path);
  for (const auto& folder : request.search) finder.add_search_folder(folder);

  std::vector<Component> components;
  std::vector<Refusal> refusals = finder.refusals();
  for (const FoundLibrary& library : finder.found()) {
    try {
      add_components(load(request, library), library, *request.host, components);
      log_debug(*request.host, "plugin loaded: " + library.path.string());
    } catch (const NotAPlugin& reason) {
      refusals.push_back({library.path, reason.what(), library.origin, true});
    } catch (const Refused& reason) {
      refusals.push_back({library.path, reason.what(), library.origin, false});
    }
  }
  return Registry(std::move(components), std::move(refusals));
}

}  // namespace sshost::plugin
