#include <string>

#include "conform/test.h"
#include "plugin/elf_needs.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  for (const std::string& library : plugin::read_needs(subject.library).libraries) {
    for (const char* forbidden : {"libtorch", "libc10", "libsshost"}) {
      if (library.starts_with(forbidden)) throw Broken("it needs " + library);
    }
  }
}

}  // namespace

extern const Test kLibraries = {"libraries",
                                "the library loads no LibTorch",
                                {"plugin.h",
                                 "A library must export `ss_plugin_entry` and nothing else, hide the rest "
                                 "(-fvisibility=hidden), and not depend on LibTorch."},
                                "",
                                run};

}  // namespace sshost::conform
