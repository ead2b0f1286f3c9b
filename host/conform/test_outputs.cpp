#include <string>
#include <vector>

#include "base/size_text.h"
#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  for (const Shape& shape :
       {Shape{1, 64, 64}, Shape{3, 64, 96}, Shape{1, 65, 97}, Shape{2, 33, 47}, Shape{1, 128, 31}}) {
    const std::string when =
        "for " + std::to_string(shape.batch) + " images of " + size_text(shape.height, shape.width);
    try {
      require_finite(network.infer(network.inputs(shape)), when);
    } catch (const Broken&) {
      throw;
    } catch (const Error& error) {
      throw Broken(when + ": " + error.what());
    }
  }
}

}  // namespace

extern const Test kOutputs = {
    "outputs",
    "for several batches and sizes it gives what it promises",
    {"backbone.h", "features, as many as `features` told, [N, channels, ~H/stride, ~W/stride] each"},
    "backbone",
    run};
extern const Test kOutputsOfHead = {"outputs",
                                    "for several batches and sizes it gives what it promises",
                                    {"head.h", "representation [N, channels, h, w] -> logits [N, classes, h, w]."},
                                    "head",
                                    run};
extern const Test kOutputsOfMemory = {"outputs",
                                      "for several batches and sizes it gives what it promises",
                                      {"memory.h", "-> logits [N, classes, h, w], further predictions into the sink"},
                                      "memory",
                                      run};

}  // namespace sshost::conform
