#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <string>

#include "conform/network.h"
#include "conform/test.h"
#include "state/finite.h"

namespace sshost::conform {
namespace {

void run(const Subject& subject) {
  Network network(subject);
  state::ExecutionContext context = network.context(true);
  at::Tensor sum;
  for (const at::Tensor& output : network.forward(context, network.inputs())) {
    const at::Tensor term = output.square().mean();
    sum = sum.defined() ? sum + term : term;
  }
  bool has_parameters = false;
  for (const state::StateEntry& entry : network.store()) has_parameters = has_parameters || entry.trainable;
  if (!has_parameters) return;
  if (!sum.requires_grad()) throw Broken("no output has a gradient");
  sum.backward();
  for (const state::StateEntry& entry : network.store()) {
    if (!entry.trainable) continue;
    if (!entry.value.grad().defined())
      throw Broken("parameter \"" + entry.name + "\" gets no gradient: nothing that is given depends on it");
    if (!state::is_finite(entry.value.grad()))
      throw Broken("the gradient of parameter \"" + entry.name + "\" is not finite");
  }
}

}  // namespace

extern const Test kParameters = {"parameters",
                                 "every parameter is used and gets a gradient",
                                 {"layers.h", "1: a parameter with a gradient."},
                                 "backbone head memory",
                                 run};

}  // namespace sshost::conform
