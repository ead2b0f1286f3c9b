#include <string>

#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  for (const char* id : {"ss.telepathy/9", "", "ss.checkpoint_names/2"}) {
    if (subject.component->capability(id) != nullptr) {
      throw Broken("it gives a table for \"" + std::string(id) + "\", which no contract has");
    }
  }
}

}  // namespace

extern const Test kCapabilities = {
    "capabilities",
    "asked for a capability that it cannot know, it gives none",
    {"plugin.h", "A further capability of the component, such as \"ss.checkpoint_names/1\", or NULL."},
    "backbone head memory dataset transform loss",
    run};

}  // namespace sshost::conform
