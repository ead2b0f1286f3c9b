#include <string>

#include "conform/test.h"
#include "plugin/elf_symbols.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  bool has_entry = false;
  for (const std::string& symbol : plugin::exported_symbols(subject.library)) {
    if (symbol != SS_PLUGIN_ENTRY) throw Broken("it also exports \"" + symbol + "\"");
    has_entry = true;
  }
  if (!has_entry) throw Broken("it does not export " SS_PLUGIN_ENTRY);
}

}  // namespace

extern const Test kSymbols = {"symbols",
                              "the library exports its entry alone",
                              {"plugin.h",
                               "A library must export `ss_plugin_entry` and nothing else, hide the rest "
                               "(-fvisibility=hidden), and not depend on LibTorch."},
                              "",
                              run};

}  // namespace sshost::conform
