#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/full_like.h>

#include <string>

#include "conform/network.h"
#include "conform/outputs.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

// The value and the gradient of the logits.
std::vector<at::Tensor> results_of(const CheckedLoss& loss, state::ExecutionContext& context, const at::Tensor& logits,
                                   const at::Tensor& labels) {
  const at::Tensor own = logits.detach().clone().set_requires_grad(true);
  const at::Tensor value = loss.value(context, own, labels);
  value.backward();
  return {value.detach(), own.grad().defined() ? own.grad() : at::full_like(logits, 0)};
}

void require_zero(const std::vector<at::Tensor>& results) {
  if (results[0].item<double>() == 0 && results[1].eq(0).all().item<bool>()) return;
  throw Broken("where no pixel has a label: expected 0 with a gradient of 0, found " +
               std::to_string(results[0].item<double>()));
}

void run(const Subject& subject) {
  Network network(subject);
  state::ExecutionContext context = network.context(true);
  for (const CheckedLoss& loss : checked_losses(*subject.component, subject.config, Network::kClasses)) {
    for (const at::ScalarType dtype : {at::kFloat, at::kDouble}) {
      for (const Shape& shape : {Shape{2, 16, 16}, Shape{1, 7, 33}, Shape{3, 1, 5}}) {
        const Inputs inputs = network.inputs(shape);
        const at::Tensor logits = inputs.features.front().to(dtype);
        require_finite(results_of(loss, context, logits, inputs.labels), "of logits around 0");
        require_finite(results_of(loss, context, logits * 1e4, inputs.labels), "of logits around 10000");
        require_zero(results_of(loss, context, logits, at::full_like(inputs.labels, 255)));
      }
    }
  }
}

}  // namespace

extern const Test kLossValue = {"value",
                                "for several shapes, dtypes and labels it gives a finite value, and 0 for no label",
                                {"loss.h", "where there is no other it is 0. It is finite where the logits are."},
                                "loss",
                                run};

}  // namespace sshost::conform
