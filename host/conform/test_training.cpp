#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  const Inputs inputs = network.inputs();
  state::ExecutionContext context = network.context(true);
  for (int step = 0; step < 3; ++step) {
    context.step = step;
    require_finite(network.forward(context, inputs), "in training");
  }
  require_finite(network.infer(inputs), "in inference after it");
}

}  // namespace

extern const Test kTraining = {"training",
                               "it works in training, and in inference afterwards",
                               {"context.h", "A component is immutable after `create`."},
                               "backbone head memory",
                               run};

}  // namespace sshost::conform
