#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network saved(subject, 1);
  const Inputs inputs = saved.inputs();
  state::ExecutionContext training = saved.context(true);
  saved.forward(training, inputs);
  Network loaded(subject, 2);
  for (const state::StateEntry& entry : saved.store()) {
    if (entry.persistent) loaded.store().assign(entry.name, entry.value.detach());
  }
  require_equal(saved.infer(inputs), loaded.infer(inputs), "with the values of another instance");
}

}  // namespace

extern const Test kSaving = {
    "saving",
    "what is saved and loaded gives the same outputs",
    {"layers.h",
     "A declaration names the parameters and buffers of the layer; they live in the host under the component's prefix"},
    "backbone head memory",
    run};

}  // namespace sshost::conform
