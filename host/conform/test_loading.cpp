#include <chrono>
#include <string>

#include "conform/test.h"
#include "plugin/kept_process.h"
#include "plugin/library.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  constexpr std::chrono::seconds kPatience{5};
  plugin::KeptProcess kept;
  const auto begin = std::chrono::steady_clock::now();
  plugin::open_library(subject.library);
  if (std::chrono::steady_clock::now() - begin > kPatience) throw Broken("loading it takes more than 5 s");
  for (const std::string& what : kept.restore()) throw Broken("loading it changes " + what + " of the whole process");
  load_library(subject.library);
}

}  // namespace

extern const Test kLoading = {"loading",
                              "loading it is quick, quiet, and leaves the process as it was",
                              {"plugin.h", "Called once, on the main thread."},
                              "",
                              run};

}  // namespace sshost::conform
