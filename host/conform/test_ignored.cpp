#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <string>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

void require_ignored(const CheckedLoss& loss, state::ExecutionContext& context, const Inputs& inputs) {
  const at::Tensor logits = inputs.features.front().detach().clone().set_requires_grad(true);
  const at::Tensor ignored = inputs.labels.eq(255).unsqueeze(1).expand_as(logits);
  const at::Tensor value = loss.value(context, logits, inputs.labels);
  value.backward();
  const at::Tensor gradients = logits.grad().masked_select(ignored);
  if (gradients.ne(0).any().item<bool>()) {
    throw Broken(
        c10::str("expected a gradient of 0 at ignored pixels, found up to ", gradients.abs().max().item<double>()));
  }
  const at::Tensor other = loss.value(context, logits.detach().masked_fill(ignored, 3), inputs.labels);
  if (other.item<double>() != value.item<double>()) {
    throw Broken(c10::str("what stands at ignored pixels changes the value from ", value.item<double>(), " to ",
                          other.item<double>()));
  }
}

void run(const Subject& subject) {
  Network network(subject, 1, at::kDouble);
  state::ExecutionContext context = network.context(true);
  const Inputs inputs = network.inputs({2, 12, 9});
  for (const CheckedLoss& loss : checked_losses(*subject.component, subject.config, Network::kClasses)) {
    require_ignored(loss, context, inputs);
  }
}

}  // namespace

extern const Test kIgnored = {"ignored",
                              "pixels that are ignored add nothing and have no gradient",
                              {"loss.h", "Pixels that are ignored add nothing and have no gradient"},
                              "loss",
                              run};

}  // namespace sshost::conform
