#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  const Inputs inputs = network.inputs();
  require_equal(network.infer(inputs), network.infer(inputs), "in inference, a second time");
  Network one(subject), other(subject);
  state::ExecutionContext of_one = one.context(true), of_other = other.context(true);
  require_equal(one.forward(of_one, inputs), other.forward(of_other, inputs), "in training, of two that began alike");
}

}  // namespace

extern const Test kDeterminism = {"determinism",
                                  "the same inputs give the same outputs",
                                  {"context.h",
                                   "Everything that changes reaches it through the context, so that one instance "
                                   "serves many threads, averaged weights, low-precision copies and replicas at once."},
                                  "backbone head memory loss",
                                  run};

}  // namespace sshost::conform
