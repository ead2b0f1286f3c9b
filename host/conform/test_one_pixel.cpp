#include <string>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  try {
    network.infer(network.inputs({1, 1, 1}));
  } catch (const Error& error) {
    const std::string text = error.what();
    const bool is_refusal =
        text.find("failed without a message") == std::string::npos && text.find(": expected ") == std::string::npos;
    if (!is_refusal) throw;
  }
}

}  // namespace

extern const Test kOnePixel = {"one_pixel",
                               "an image of one pixel is worked on, or refused with a message",
                               {"status.h",
                                "Where it is not SS_OK, no output was written and no ownership moved; the message "
                                "stands in the calling thread's slot of the host"},
                               "backbone head memory loss",
                               run};

}  // namespace sshost::conform
