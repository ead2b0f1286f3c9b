#include <vector>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  const Inputs inputs = network.inputs();
  std::vector<at::Tensor> before;
  for (const at::Tensor& tensor : inputs.tensors()) before.push_back(tensor.clone());
  network.infer(inputs);
  require_equal(before, inputs.tensors(), "the inputs before and behind a forward");
}

}  // namespace

extern const Test kInputsKept = {
    "inputs_kept",
    "what is lent is not changed",
    {"tensor.h", "A handle passed in is borrowed for the length of the call; retain it to keep it."},
    "backbone head memory loss",
    run};

}  // namespace sshost::conform
