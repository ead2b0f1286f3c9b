#include <string>

#include "base/printable.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void require_printable(std::string_view text, const std::string& what) {
  if (text.empty()) throw Broken(what + " is empty");
  if (printable(text) != text) throw Broken(what + " has characters that a terminal obeys: " + printable(text));
}

void run(const Subject& subject) {
  const plugin::Registry registry = load_library(subject.library);
  for (const plugin::Component* each : registry.all()) {
    const std::string who = plugin::word_of_kind(each->kind()) + " " + std::string(each->name());
    require_printable(each->plugin_name, "the plugin's name");
    require_printable(each->plugin_version, "the plugin's version");
    require_printable(each->name(), "the name of " + who);
    require_printable(each->text(), "the help of " + who);
  }
}

}  // namespace

extern const Test kDescriptor = {
    "descriptor",
    "the descriptor is whole, its names and texts are printable",
    {"plugin.h", "Returns a descriptor that lives as long as the library, or NULL after `host->fail`."},
    "",
    run};

}  // namespace sshost::conform
