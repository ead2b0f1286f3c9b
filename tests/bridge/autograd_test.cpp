// Operators called by name differentiate as direct calls do, bit for bit.
#include <ATen/ATen.h>
#include <torch/csrc/autograd/generated/variable_factories.h>

#include "values.h"

namespace sshost::bridge::testing {
namespace {

using Autograd = NoHandleLeft;

struct Network {
  at::Tensor weight, bias, gamma, beta, mean, variance;
};

Network make_network() {
  at::manual_seed(7);
  auto parameter = [](at::IntArrayRef sizes) { return at::randn(sizes).set_requires_grad(true); };
  return {parameter({8, 4, 3, 3}), parameter({8}), parameter({8}), parameter({8}), at::zeros({8}), at::ones({8})};
}

at::Tensor direct_forward(const Network& net, const at::Tensor& image) {
  const at::Tensor conv = at::conv2d(image, net.weight, net.bias, {2, 2}, {1, 1});
  const at::Tensor norm = at::batch_norm(conv, net.gamma, net.beta, net.mean, net.variance, true, 0.1, 1e-5, false);
  const at::Tensor pooled = at::adaptive_avg_pool2d(at::relu(norm), {2, 2});
  const at::Tensor wide = at::upsample_bilinear2d(pooled, at::OptionalIntArrayRef({8, 8}), false, std::nullopt);
  return at::softmax(at::cat({wide, at::relu(norm)}, 1), 1).square().mean();
}

at::Tensor named_forward(const Network& net, const at::Tensor& image) {
  const Handle x(image), weight(net.weight), bias(net.bias), gamma(net.gamma), beta(net.beta), mean(net.mean),
      variance(net.variance);
  const int64_t stride[] = {2, 2}, padding[] = {1, 1}, large[] = {8, 8};
  const Handle conv(
      call_tensor("aten::conv2d", {tensor(x), tensor(weight), tensor(bias), integers(stride), integers(padding)}));
  const Handle norm(
      call_tensor("aten::batch_norm", {tensor(conv), tensor(gamma), tensor(beta), tensor(mean), tensor(variance),
                                       boolean(true), real(0.1), real(1e-5), boolean(false)}));
  const Handle active(call_tensor("aten::relu", {tensor(norm)}));
  const Handle pooled(call_tensor("aten::adaptive_avg_pool2d", {tensor(active), integer(2)}));
  const Handle wide(
      call_tensor("aten::upsample_bilinear2d.vec", {tensor(pooled), integers(large), boolean(false), none()}));
  const ss_tensor parts[] = {wide, active};
  const Handle joined(call_tensor("aten::cat", {tensors(parts), integer(1)}));
  const Handle soft(call_tensor("aten::softmax.int", {tensor(joined), integer(1)}));
  const Handle square(call_tensor("aten::square", {tensor(soft)}));
  return call_tensor("aten::mean", {tensor(square)});
}

TEST_F(Autograd, OutputGradientsAndRunningStatisticsEqualDirectCallsBitForBit) {
  const Network direct = make_network(), named = make_network();
  const at::Tensor image = at::randn({2, 4, 16, 16});
  const at::Tensor expected = direct_forward(direct, image), found = named_forward(named, image);
  expected.backward();
  found.backward();
  EXPECT_TRUE(at::equal(expected, found));
  EXPECT_TRUE(at::equal(direct.mean, named.mean));
  EXPECT_TRUE(at::equal(direct.variance, named.variance));
  EXPECT_FALSE(at::equal(named.mean, at::zeros({8})));
  for (auto member : {&Network::weight, &Network::bias, &Network::gamma, &Network::beta}) {
    ASSERT_TRUE((named.*member).grad().defined());
    EXPECT_TRUE(at::equal((direct.*member).grad(), (named.*member).grad()));
  }
}

TEST_F(Autograd, GradientModeOfTheThreadHolds) {
  const at::Tensor parameter = at::ones({3}).set_requires_grad(true);
  const Handle x(parameter);
  const c10::NoGradGuard guard;
  EXPECT_FALSE(call_tensor("aten::relu", {tensor(x)}).requires_grad());
}

TEST_F(Autograd, AHookMayCallOperatorsWhileOneIsRunning) {
  const at::Tensor parameter = at::full({4}, 3.0).set_requires_grad(true);
  int hooks = 0;
  // The hook runs inside aten::_backward's boxed call below, on the same thread: two stacks deep.
  parameter.register_hook([&hooks](const at::Tensor& gradient) {
    ++hooks;
    const Handle handle(gradient);
    return call_tensor("aten::mul.Scalar", {tensor(handle), real(10)});
  });
  const Handle x(parameter), loss(parameter.square().sum());
  const ss_tensor inputs[] = {x};
  const Outcome outcome = call("aten::_backward", {tensor(loss), tensors(inputs)});
  EXPECT_EQ(outcome.status, SS_OK) << message();
  EXPECT_EQ(hooks, 1);
  EXPECT_TRUE(at::equal(parameter.grad(), at::full({4}, 60.0)));
}

TEST_F(Autograd, AnErrorInANestedCallLeavesTheOuterOneIntact) {
  const at::Tensor parameter = at::ones({4}).set_requires_grad(true);
  std::string nested;
  parameter.register_hook([&nested](const at::Tensor& gradient) {
    const Handle handle(gradient);
    nested = refusal(SS_INVALID_ARGUMENT, "aten::relu", {integer(1)});
    return gradient;
  });
  const Handle x(parameter), loss(parameter.sum());
  const ss_tensor inputs[] = {x};
  EXPECT_EQ(call("aten::_backward", {tensor(loss), tensors(inputs)}).status, SS_OK) << message();
  EXPECT_NE(nested.find("aten::relu"), std::string::npos);
  EXPECT_TRUE(at::equal(parameter.grad(), at::ones({4})));
}

}  // namespace
}  // namespace sshost::bridge::testing
