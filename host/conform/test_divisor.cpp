#include <ATen/core/Tensor.h>

#include <cmath>
#include <string>

#include "conform/network.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

constexpr double kTolerance = 1e-9;

void require_near(double seen, double expected, const std::string& when) {
  if (std::abs(seen - expected) <= kTolerance * (1 + std::abs(expected))) return;
  throw Broken(when + ": expected " + std::to_string(expected) + ", found " + std::to_string(seen));
}

void require_divided(const CheckedLoss& loss, state::ExecutionContext& context, const Inputs& inputs) {
  const auto value = [&](const at::Tensor& logits, const at::Tensor& labels, double divisor) {
    return loss.value(context, logits, labels, divisor).item<double>();
  };
  const at::Tensor &logits = inputs.features.front(), &labels = inputs.labels;
  const double whole = value(logits, labels, 100);
  require_near(value(logits, labels, 400) * 4, whole, "four times the value with four times the divisor");
  if (!loss.loss().is_sum_over_pixels()) return;
  const double first = value(logits.narrow(0, 0, 1), labels.narrow(0, 0, 1), 100),
               second = value(logits.narrow(0, 1, 1), labels.narrow(0, 1, 1), 100);
  require_near(first + second, whole, "the sum of the values of two images, of a loss that is a sum over pixels");
}

void run(const Subject& subject) {
  Network network(subject, 1, at::kDouble);
  state::ExecutionContext context = network.context(true);
  const Inputs inputs = network.inputs({2, 12, 9});
  for (const CheckedLoss& loss : checked_losses(*subject.component, subject.config, Network::kClasses)) {
    require_divided(loss, context, inputs);
  }
}

}  // namespace

extern const Test kDivisor = {"divisor",
                              "the value is divided by the step's divisor, so that parts add up",
                              {"loss.h",
                               "Each part computes its share of the loss, divided by what belongs to all parts "
                               "together, so that the shares add up to the loss of the whole"},
                              "loss",
                              run};

}  // namespace sshost::conform
