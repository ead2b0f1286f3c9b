#include "layer/synchronised_batch_norm.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/batch_norm_update_stats.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/native_batch_norm.h>
#include <ATen/ops/native_batch_norm_backward.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

namespace sshost::layer {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Of the values of all ranks.
struct Moments {
  at::Tensor mean;      // [C], in the precision of the parameters, as `variance`
  at::Tensor variance;  // [C], biased
  at::Tensor count;     // values of a channel, a scalar of float64
};

// [C] -> [1, C, 1, ...], to go with the input.
at::Tensor per_channel(const at::Tensor& values, const at::Tensor& input) {
  std::vector<int64_t> sizes(static_cast<size_t>(input.dim()), 1);
  sizes[1] = input.size(1);
  return values.view(sizes);
}

// Each rank's mean and variance are exact to its precision, and summing n, n m and n (v + m^2) in float64 keeps them
// so.
Moments moments_of(const at::Tensor& input, at::ScalarType dtype, const state::Ranks& ranks) {
  const at::NoGradGuard no_gradient;
  const int64_t channels = input.size(1);
  const at::Tensor scratch = at::zeros({channels}, input.options().dtype(dtype));
  const auto [local_mean, local_variance] = at::batch_norm_update_stats(input, scratch, scratch.clone(), 0);
  const at::Tensor mean = local_mean.to(at::kDouble);
  const at::Tensor count = at::full({1}, static_cast<double>(input.numel() / channels), mean.options());
  const at::Tensor sums = at::cat({count, count * mean, count * (local_variance.to(at::kDouble) + mean.square())});
  ranks.sum({sums});
  const at::Tensor total = sums[0];
  const at::Tensor all_mean = sums.narrow(0, 1, channels) / total;
  const at::Tensor variance = (sums.narrow(0, 1 + channels, channels) / total - all_mean.square()).clamp_min(0);
  return {all_mean.to(dtype), variance.to(dtype), total};
}

void update(const RunningStatistics& running, const Moments& moments) {
  const at::NoGradGuard no_gradient;
  const at::Tensor unbiased = moments.variance * (moments.count / (moments.count - 1)).to(moments.variance.dtype());
  running.mean.variable_data().mul_(1 - running.momentum).add_(moments.mean, running.momentum);
  running.variance.variable_data().mul_(1 - running.momentum).add_(unbiased, running.momentum);
}

// Given the moments of all values, batch norm in training is that of inference, but for what flows back through them.
class Normalise : public torch::autograd::Function<Normalise> {
 public:
  static at::Tensor forward(AutogradContext* saved, const at::Tensor& input, const at::Tensor& weight,
                            const at::Tensor& bias, const Moments& moments, double epsilon, const state::Ranks* ranks) {
    saved->save_for_backward({input, weight, moments.mean, moments.variance, moments.count});
    saved->saved_data["epsilon"] = epsilon;
    saved->saved_data["ranks"] = reinterpret_cast<int64_t>(ranks);  // an IValue holds no pointer; they outlive the step
    return std::get<0>(at::native_batch_norm(input, weight, bias, moments.mean, moments.variance, /*training=*/false,
                                             /*momentum=*/0, epsilon));
  }

  static variable_list backward(AutogradContext* saved, const variable_list& gradients) {
    const variable_list values = saved->get_saved_variables();
    const at::Tensor &input = values[0], &weight = values[1], &mean = values[2], &variance = values[3];
    const double epsilon = saved->saved_data["epsilon"].toDouble();
    const at::Tensor deviation = (variance + epsilon).rsqrt();
    // With constant moments; and the sums over this rank's values that are the gradients of weight and bias.
    auto [of_input, of_weight, of_bias] =
        at::native_batch_norm_backward(gradients[0].contiguous(input.suggest_memory_format()), input, weight, mean,
                                       variance, mean, deviation, /*train=*/false, epsilon, {true, true, true});

    const at::Tensor sums = at::stack({of_weight, of_bias}).to(at::kDouble);
    reinterpret_cast<const state::Ranks*>(saved->saved_data["ranks"].toInt())->sum({sums});
    const at::Tensor means = (sums / values[4]).to(mean.scalar_type());
    // dx = w d (g - mean(g) - x^ mean(g x^)), where x^ = (x - m) d is the normalised input and d = 1 / deviation.
    const at::Tensor slope = weight * deviation.square() * means[0];
    const at::Tensor offset = weight * deviation * means[1] - slope * mean;
    of_input.sub_((input * per_channel(slope, input)).add_(per_channel(offset, input)));
    return {of_input, of_weight, of_bias, {}, {}, {}};
  }
};

}  // namespace

at::Tensor synchronised_batch_norm(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                                   const RunningStatistics& running, double epsilon, const state::Ranks& ranks) {
  const Moments moments = moments_of(input, weight.scalar_type(), ranks);
  if (running.mean.defined()) update(running, moments);
  return Normalise::apply(input, weight, bias, moments, epsilon, &ranks);
}

}  // namespace sshost::layer
