#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn_like.h>
#include <cmath>
#include <string>
#include <vector>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr double kTolerance = 1e-4;

// A kink of a relu on the way spoils one step, not all.
constexpr double kSteps[] = {1e-6, 1e-7, 1e-8, 1e-9};

// A number that depends on all outputs: of each the sum along a fixed direction, in parts of its largest value. It is
// linear, so that outputs of any size have differences that can be told.
class Value {
 public:
  explicit Value(const std::vector<at::Tensor>& outputs) {
    for (const at::Tensor& output : outputs) {
      const at::Tensor values = output.detach().to(at::kDouble);
      const double largest = values.numel() > 0 ? values.abs().max().item<double>() : 0;
      weights_.push_back(at::randn_like(values).div(largest > 0 ? largest : 1));
    }
  }

  at::Tensor of(const std::vector<at::Tensor>& outputs) const {
    at::Tensor sum;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const at::Tensor term = outputs[i].to(at::kDouble).mul(weights_[i]).sum();
      sum = sum.defined() ? sum + term : term;
    }
    return sum;
  }

 private:
  std::vector<at::Tensor> weights_;
};

// Inputs and parameters, with the direction that each is moved in.
struct Varied {
  std::vector<at::Tensor> tensors;
  std::vector<at::Tensor> directions;

  double told() const {
    double sum = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (tensors[i].grad().defined()) sum += directions[i].mul(tensors[i].grad()).sum().item<double>();
    }
    return sum;
  }
  void move(double step) const {
    for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].add_(directions[i], step);
  }
};

// Zeros, such as biases at first, may lie on a kink: a little beside it.
void leave_kinks(Network& network) {
  const at::NoGradGuard no_gradient;
  for (const state::StateEntry& entry : network.store()) {
    if (entry.trainable) entry.value.add_(at::randn_like(entry.value), 0.05);
  }
}

Varied varied_of(Network& network, const Inputs& inputs) {
  Varied varied;
  varied.tensors = inputs.tensors();
  for (const at::Tensor& tensor : varied.tensors) tensor.set_requires_grad(true);
  for (const state::StateEntry& entry : network.store()) {
    if (entry.trainable) varied.tensors.push_back(entry.value);
  }
  for (const at::Tensor& tensor : varied.tensors) varied.directions.push_back(at::randn_like(tensor.detach()));
  return varied;
}

void run(const Subject& subject) {
  Network network(subject, 1, at::kDouble);
  leave_kinks(network);
  const Inputs inputs = network.inputs();
  const Varied varied = varied_of(network, inputs);
  state::ExecutionContext context = network.context();
  const std::vector<at::Tensor> outputs = network.forward(context, inputs);
  const Value of_outputs(outputs);
  const at::Tensor value = of_outputs.of(outputs);
  if (!value.defined()) throw Broken("there is no output");
  if (!value.requires_grad()) throw Broken("no output depends on an input or a parameter by a gradient");
  value.backward();
  const at::NoGradGuard no_gradient;
  const double told = varied.told();
  const auto value_at = [&](double step) {
    varied.move(step);
    const double moved = of_outputs.of(network.forward(context, inputs)).item<double>();
    varied.move(-step);
    return moved;
  };
  double seen = 0;
  for (const double step : kSteps) {
    seen = (value_at(step) - value_at(-step)) / (2 * step);
    if (std::abs(seen - told) <= kTolerance * (std::abs(seen) + std::abs(told)) + 1e-4) return;
  }
  throw Broken("along one direction of inputs and parameters autograd says " + std::to_string(told) + ", differences " +
               std::to_string(seen));
}

}  // namespace

extern const Test kGradients = {
    "gradients",
    "gradients agree with differences of values, in float64",
    {"ops.h", "A call goes through the dispatcher: autograd, autocast and devices work as they do in Python."},
    "backbone head memory loss",
    run};

}  // namespace sshost::conform
