#include <algorithm>
#include <string>

#include "conform/test.h"
#include "plugin/elf_note.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const plugin::Note note = plugin::read_note(subject.library);
  plugin::check_version(note);
  const plugin::Registry registry = load_library(subject.library);
  for (const plugin::Component* each : registry.all()) {
    if (std::find(note.kinds.begin(), note.kinds.end(), each->kind()) != note.kinds.end()) continue;
    throw Broken("the note does not name the kind " + std::string(each->kind()) + " of \"" + std::string(each->name()) +
                 "\"");
  }
}

}  // namespace

extern const Test kNote = {"note",
                           "the ELF note says what the library offers",
                           {"plugin.h", "SS_PLUGIN_NOTE puts the note `.note.sshost` into it."},
                           "",
                           run};

}  // namespace sshost::conform
