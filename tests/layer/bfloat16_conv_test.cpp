// Convolutions in bfloat16 give what float32 gives, to its precision, and nobody outside of layers sees it.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "bridge/operand.h"
#include "bridge/tables.h"
#include "layer/bench.h"
#include "layer/kernel/choose.h"
#include "layer/kernel/vendor_conv.h"

namespace sshost::layer::kernel {
namespace {

using test::activation_spec;
using test::Bench;
using test::conv_spec;
using test::norm_spec;

constexpr double kTolerance = 1e-2;  // of the largest value

#define SSHOST_NEEDS_BFLOAT16() \
  if (!has_bfloat16_conv()) GTEST_SKIP() << "bfloat16 skipped: this machine does not compute in it (AVX-512)"

void expect_near(const at::Tensor& found, const at::Tensor& expected) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  const double largest = expected.abs().max().item<double>();
  EXPECT_LT((found.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>() / largest, kTolerance);
}

TEST(Bfloat16Conv, EqualsThePlainOne) {
  SSHOST_NEEDS_BFLOAT16();
  at::manual_seed(1);
  std::mt19937_64 engine(1);
  const auto from = [&](int64_t least, int64_t most) {
    return std::uniform_int_distribution<int64_t>(least, most)(engine);
  };
  for (int i = 0; i < 100; ++i) {
    const int64_t groups = from(1, 3) == 1 ? from(2, 4) : 1;
    ConvProblem problem;
    const ConvShape shape{groups * from(1, 40),
                          groups * from(1, 40),
                          {from(1, 5), from(1, 5)},
                          {from(1, 3), from(1, 3)},
                          {from(0, 3), from(0, 3)},
                          {from(1, 12), from(1, 2)},
                          groups};
    problem.shape = shape;
    problem.weight = at::randn({shape.out_channels, shape.in_channels / groups, shape.kernel[0], shape.kernel[1]});
    if (from(1, 2) == 1) problem.bias = at::randn({shape.out_channels});
    problem.relu = from(1, 2) == 1;
    const at::Tensor input = at::randn({from(1, 2), shape.in_channels, from(49, 61), from(49, 61)});
    at::Tensor expected = at::conv2d(input.to(at::kDouble), problem.weight.to(at::kDouble),
                                     problem.bias.defined() ? problem.bias.to(at::kDouble) : at::Tensor(), shape.stride,
                                     shape.padding, shape.dilation, shape.groups);
    const at::Tensor residual = from(1, 2) == 1 ? at::randn_like(expected, at::kFloat) : at::Tensor();
    if (residual.defined()) expected = expected + residual;
    if (problem.relu) expected = expected.relu();
    const at::Tensor found = make_vendor_conv(problem, at::kBFloat16)->run(input, residual);
    EXPECT_EQ(found.scalar_type(), at::kBFloat16);
    expect_near(found, expected);
  }
}

// A layer in bfloat16 beside itself in float32.
struct Layers {
  Layers() { bench.context.prepared = &prepared; }

  ss_layer declare(ss_activation_kind activation, ss_norm_kind norm, int64_t kernel = 1) {
    const ss_norm_spec norms = norm_spec(norm);
    const ss_activation_spec activations = activation_spec(activation, 0.1);
    ss_conv_spec spec = conv_spec("a", 16, 24);
    for (int axis = 0; axis < 2; ++axis) {
      spec.kernel[axis] = kernel;
      spec.padding[axis] = kernel / 2;
    }
    spec.norm = &norms;
    spec.activation = &activations;
    spec.resize = SS_RESIZE_BILINEAR;
    return bench.conv(spec);
  }

  at::Tensor apply(state::Precision precision, ss_layer layer, const std::vector<at::Tensor>& inputs,
                   const at::Tensor& residual = {}) {
    bench.context.precision = precision;
    return bench.apply(layer, inputs, residual);
  }

  at::NoGradGuard no_grad;
  Bench bench;
  state::Prepared prepared;
};

TEST(Bfloat16Layer, IsNearItselfInFloat32WithEveryNormActivationResidualAndType) {
  SSHOST_NEEDS_BFLOAT16();
  for (const ss_norm_kind norm : {SS_NORM_NONE, SS_NORM_BATCH, SS_NORM_GROUP}) {
    for (const ss_activation_kind activation : {SS_ACTIVATION_NONE, SS_ACTIVATION_RELU, SS_ACTIVATION_LEAKY_RELU}) {
      Layers layers;
      const ss_layer layer = layers.declare(activation, norm);
      const at::Tensor input = layers.bench.normal({1, 16, 9, 11});
      const at::Tensor residual = layers.bench.normal({1, 24, 9, 11});
      const at::Tensor expected = layers.apply(state::Precision::kFloat32, layer, {input}, residual);
      const at::Tensor found = layers.apply(state::Precision::kBfloat16, layer, {input}, residual);
      const bool ends_with_sums = norm == SS_NORM_NONE && activation == SS_ACTIVATION_NONE;
      EXPECT_EQ(found.scalar_type(), ends_with_sums ? at::kFloat : at::kBFloat16);
      expect_near(found, expected);
      expect_near(
          layers.apply(state::Precision::kBfloat16, layer, {input.to(at::kBFloat16)}, residual.to(at::kBFloat16)),
          expected);
    }
  }
}

TEST(Bfloat16Layer, TakesSeveralInputsOfAnySize) {
  SSHOST_NEEDS_BFLOAT16();
  Layers layers;
  const ss_layer layer = layers.declare(SS_ACTIVATION_RELU, SS_NORM_BATCH, 3);
  const std::vector<at::Tensor> inputs = {layers.bench.normal({1, 8, 12, 10}), layers.bench.normal({1, 4, 6, 5}),
                                          layers.bench.normal({1, 4, 1, 1})};
  std::vector<at::Tensor> halves;
  for (const at::Tensor& input : inputs) halves.push_back(input.to(at::kBFloat16));
  const at::Tensor expected = layers.apply(state::Precision::kFloat32, layer, inputs);
  expect_near(layers.apply(state::Precision::kBfloat16, layer, inputs), expected);
  expect_near(layers.apply(state::Precision::kBfloat16, layer, halves), expected);
}

TEST(Bfloat16Layer, IsFloat32ToOperatorsWhileItIsHidden) {
  const at::Tensor half = at::randn({2, 3}).to(at::kBFloat16);
  const state::LentHandles lent({half});
  EXPECT_EQ(bridge::operand(lent[0]).scalar_type(), at::kBFloat16);
  {
    const bridge::HiddenBfloat16 hidden(true);
    EXPECT_EQ(bridge::operand(lent[0]).scalar_type(), at::kFloat);
    EXPECT_EQ(bridge::tensor_table()->dtype(lent[0]), SS_FLOAT32);
  }
  EXPECT_EQ(bridge::tensor_table()->dtype(lent[0]), SS_BFLOAT16);
}

}  // namespace
}  // namespace sshost::layer::kernel
