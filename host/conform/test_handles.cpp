#include <string>

#include "bridge/handle.h"
#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  const int64_t before = bridge::live_handles();
  {
    Network network(subject);
    const Inputs inputs = network.inputs();
    for (int round = 0; round < 3; ++round) {
      const int64_t at_first = bridge::live_handles();
      network.infer(inputs);
      state::ExecutionContext training = network.context(true);
      network.forward(training, inputs);
      const int64_t more = bridge::live_handles() - at_first;
      if (round > 0 && more != 0)
        throw Broken("one round of inference and training leaves " + std::to_string(more) +
                     " handles that are not released");
    }
  }
  const int64_t left = bridge::live_handles() - before;
  if (left != 0) throw Broken("behind `destroy`, " + std::to_string(left) + " handles are not released");
}

}  // namespace

extern const Test kHandles = {
    "handles",
    "each handle is released once",
    {"tensor.h",
     "Ownership: a handle that a function returns through an `ss_tensor*` is the caller's, who releases it once."},
    "backbone head memory loss",
    run};

}  // namespace sshost::conform
