#include "layer/synchronised_batch_norm.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "distributed/threads.h"

namespace sshost::layer {
namespace {

constexpr double kEpsilon = 1e-5;
constexpr double kMomentum = 0.1;

struct Results {
  at::Tensor output, of_input, of_weight, of_bias, mean, variance;
};

struct Values {
  at::Tensor input, gradient, weight, bias;
};

Values random_values(at::ScalarType dtype) {
  const at::Generator generator = at::detail::createCPUGenerator(1);
  const auto random = [&](at::IntArrayRef sizes) { return at::randn(sizes, generator, dtype); };
  return {random({5, 3, 4, 6}) * 2 + 100, random({5, 3, 4, 6}), random({3}), random({3})};
}

// PyTorch's batch norm over all values, or ours over those of a rank.
template <typename Norm>
Results run(const Values& values, Norm norm) {
  const at::Tensor input = values.input.detach().clone().requires_grad_(true);
  const at::Tensor weight = values.weight.detach().clone().requires_grad_(true);
  const at::Tensor bias = values.bias.detach().clone().requires_grad_(true);
  const RunningStatistics running{at::zeros_like(values.weight), at::ones_like(values.bias), kMomentum};
  const at::Tensor output = norm(input, weight, bias, running);
  output.backward(values.gradient);
  return {output.detach(), input.grad(), weight.grad(), bias.grad(), running.mean, running.variance};
}

Results on_whole_batch(const Values& values) {
  return run(values, [](const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const RunningStatistics& r) {
    return at::batch_norm(x, w, b, r.mean, r.variance, true, r.momentum, kEpsilon, false);
  });
}

void expect_close(const at::Tensor& found, const at::Tensor& expected, double tolerance, const char* what) {
  EXPECT_LE((found - expected).abs().max().item<double>(), tolerance) << what;
}

// Ranks have 2 and 3 of the samples.
void compare(at::ScalarType dtype, bool channels_last, double tolerance) {
  const Values values = random_values(dtype);
  const Results whole = on_whole_batch(values);
  test::run_ranks(2, [&](const distributed::ProcessGroup& group) {
    const int64_t first = group.rank() == 0 ? 0 : 2, count = group.rank() == 0 ? 2 : 3;
    const auto part_of = [&](const at::Tensor& all) { return all.narrow(0, first, count); };
    Values part = {part_of(values.input), part_of(values.gradient), values.weight, values.bias};
    if (channels_last) part.input = part.input.contiguous(at::MemoryFormat::ChannelsLast);
    const Results found =
        run(part, [&](const at::Tensor& x, const at::Tensor& w, const at::Tensor& b, const RunningStatistics& r) {
          return synchronised_batch_norm(x, w, b, r, kEpsilon, group);
        });
    expect_close(found.output, part_of(whole.output), tolerance, "output");
    expect_close(found.of_input, part_of(whole.of_input), tolerance, "gradient of the input");
    expect_close(found.mean, whole.mean, tolerance, "running mean");
    expect_close(found.variance, whole.variance, tolerance, "running variance");
    group.sum({found.of_weight, found.of_bias});
    expect_close(found.of_weight, whole.of_weight, tolerance, "gradient of the weight");
    expect_close(found.of_bias, whole.of_bias, tolerance, "gradient of the bias");
  });
}

TEST(SynchronisedBatchNorm, EqualsBatchNormOverTheWholeBatch) {
  compare(at::kDouble, false, 1e-10);
  compare(at::kFloat, false, 2e-4);  // the values lie around 100
  compare(at::kFloat, true, 2e-4);
}

TEST(SynchronisedBatchNorm, TakesOneValueAChannelFromEachRank) {
  test::run_ranks(2, [](const distributed::ProcessGroup& group) {
    const at::Tensor input = at::full({1, 2, 1, 1}, group.rank() == 0 ? -3.0 : 3.0, at::kDouble);
    const at::Tensor output = synchronised_batch_norm(input, at::ones({2}, at::kDouble), at::zeros({2}, at::kDouble),
                                                      {{}, {}, kMomentum}, 0, group);
    expect_close(output, input / 3, 1e-12, "output");
  });
}

}  // namespace
}  // namespace sshost::layer
