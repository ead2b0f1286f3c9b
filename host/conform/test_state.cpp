#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  const Inputs inputs = network.inputs();
  const auto at_first = values_of(network.store());
  network.infer(inputs);
  require_same_state(network.store(), at_first, false, "in inference");
  state::ExecutionContext training = network.context(true);
  network.forward(training, inputs);
  require_same_state(network.store(), at_first, true, "in training");
  if (network.memory() != nullptr) return;  // whose update is not a part of its forward
  const auto behind = values_of(network.store());
  training.recomputing = true;
  network.forward(training, inputs);
  require_same_state(network.store(), behind, false, "while a forward is recomputed");
}

}  // namespace

extern const Test kState = {
    "state",
    "what the host keeps is written through the context alone",
    {"layers.h", "Overwrites a buffer in place, without a gradient; it does nothing while a forward is recomputed."},
    "backbone head memory",
    run};

}  // namespace sshost::conform
