#include <memory>
#include <vector>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network first(subject, 1);
  const Inputs inputs = first.inputs();
  const std::vector<at::Tensor> before = first.infer(inputs);
  {
    Network second(subject, 2);
    second.infer(second.inputs({1, 96, 32}, 8));
    require_equal(before, first.infer(inputs), "after a second instance has worked");
  }
  require_equal(before, first.infer(inputs), "after a second instance was destroyed");
}

}  // namespace

extern const Test kInstances = {"instances",
                                "two instances know nothing of each other",
                                {"context.h", "A component is immutable after `create`."},
                                "backbone head memory loss",
                                run};

}  // namespace sshost::conform
