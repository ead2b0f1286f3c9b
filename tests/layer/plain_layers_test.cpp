// Activation, linear and attention.
#include <gmock/gmock.h>

#include <cmath>

#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;

at::Tensor direct_activation(ss_activation_kind kind, const at::Tensor& input, double slope) {
  switch (kind) {
    case SS_ACTIVATION_RELU:
      return at::relu(input);
    case SS_ACTIVATION_LEAKY_RELU:
      return at::leaky_relu(input, slope);
    case SS_ACTIVATION_PRELU:
      return at::prelu(input, at::full({1}, slope));
    case SS_ACTIVATION_GELU:
      return input * 0.5 * (1 + at::erf(input / std::sqrt(2.0)));
    default:
      return input * at::sigmoid(input);
  }
}

class EveryActivation : public testing::TestWithParam<ss_activation_kind> {};

TEST_P(EveryActivation, EqualsItsFormulaAndLeavesItsInput) {
  Bench bench;
  const ss_layer layer = bench.activation("act", activation_spec(GetParam(), 0.125));
  const at::Tensor input = bench.normal({2, 3, 4});
  const at::Tensor before = input.clone();
  EXPECT_TRUE(close(bench.apply(layer, {input}), direct_activation(GetParam(), input, 0.125), 1e-6));
  EXPECT_TRUE(same(input, before));
}

TEST_P(EveryActivation, HasTheRightGradientAfterAConvolution) {
  Bench bench;
  const ss_activation_spec activation = activation_spec(GetParam(), 0.125);
  ss_conv_spec spec = conv_spec("a", 2, 3);
  spec.activation = &activation;
  const ss_layer conv = bench.conv(spec);
  const at::Tensor input = bench.normal({1, 2, 4, 4});
  bench.apply(conv, {input}).square().sum().backward();
  const at::Tensor weight = bench.value("part.a.conv.weight").detach().clone().requires_grad_();
  direct_activation(GetParam(), at::conv2d(input, weight, {}, 1, 1), 0.125).square().sum().backward();
  EXPECT_TRUE(close(bench.value("part.a.conv.weight").grad(), weight.grad(), 1e-4));
}

INSTANTIATE_TEST_SUITE_P(Activation, EveryActivation,
                         testing::Values(SS_ACTIVATION_RELU, SS_ACTIVATION_LEAKY_RELU, SS_ACTIVATION_PRELU,
                                         SS_ACTIVATION_GELU, SS_ACTIVATION_SILU));

TEST(Activation, PreluTrainsItsSlope) {
  Bench bench;
  const ss_layer layer = bench.activation("act", activation_spec(SS_ACTIVATION_PRELU, 0.25));
  bench.apply(layer, {at::full({4}, -2.0)}).sum().backward();
  EXPECT_EQ(bench.value("part.act.weight").grad().item<double>(), -8);
}

TEST(Activation, TakesOneInputAndNoResidual) {
  Bench bench;
  const ss_layer layer = bench.activation("act", activation_spec(SS_ACTIVATION_RELU));
  const at::Tensor input = bench.normal({2, 3});
  EXPECT_THAT(message_of([&] { bench.apply(layer, {input, input}); }), HasSubstr("it takes 1 input, found 2"));
  EXPECT_THAT(message_of([&] { bench.apply(layer, {input}, input); }), HasSubstr("a residual is for a conv"));
}

TEST(Linear, EqualsADirectCall) {
  Bench bench;
  const ss_activation_spec gelu = activation_spec(SS_ACTIVATION_GELU);
  const ss_linear_spec spec = {
      .size = sizeof spec, .bias = 1, .name = text("fc"), .in_features = 6, .out_features = 4, .activation = &gelu};
  const ss_layer layer = bench.linear(spec);
  const at::Tensor tokens = bench.normal({2, 5, 6});
  const at::Tensor expected = at::gelu(at::linear(tokens, bench.value("part.fc.weight"), bench.value("part.fc.bias")));
  EXPECT_TRUE(same(bench.apply(layer, {tokens}), expected));
}

class AttentionTest : public testing::Test {
 protected:
  AttentionTest() {
    const ss_attention_spec spec = {.size = sizeof spec,
                                    .bias = 1,
                                    .name = text("attn"),
                                    .qkv_part = text("in_proj_"),
                                    .out_part = text("out_proj."),
                                    .channels = 8,
                                    .heads = 2};
    layer = bench.attention(spec);
    for (const char* name : {"part.attn.in_proj_bias", "part.attn.out_proj.bias"}) {
      bench.store.assign(name, bench.normal(bench.value(name).sizes()));
    }
  }

  at::Tensor expected(const at::Tensor& tokens, const at::Tensor& added) {
    const at::Tensor qkv =
        at::linear(tokens, bench.value("part.attn.in_proj_weight"), bench.value("part.attn.in_proj_bias"));
    std::vector<at::Tensor> heads;
    for (int64_t head = 0; head < 2; ++head) {
      const auto slice = [&](int64_t block) { return qkv.narrow(2, block * 8 + head * 4, 4); };
      at::Tensor logits = slice(0).matmul(slice(1).transpose(1, 2)) / 2.0;
      if (added.defined()) logits = logits + added.select(1, head);
      heads.push_back(logits.softmax(-1).matmul(slice(2)));
    }
    return at::linear(at::cat(heads, 2), bench.value("part.attn.out_proj.weight"),
                      bench.value("part.attn.out_proj.bias"));
  }

  Bench bench{at::kDouble};
  ss_layer layer = nullptr;
};

TEST_F(AttentionTest, EqualsItsFormula) {
  const at::Tensor tokens = bench.normal({3, 5, 8});
  EXPECT_TRUE(close(bench.attend(layer, tokens, {}, {}), expected(tokens, {}), 1e-12));
}

TEST_F(AttentionTest, AddsBiasAndMaskToTheLogits) {
  const at::Tensor tokens = bench.normal({3, 5, 8});
  const at::Tensor bias = bench.normal({1, 2, 5, 5});
  const at::Tensor mask = bench.normal({3, 1, 5, 5});
  const at::Tensor sum = bias + mask;
  EXPECT_TRUE(close(bench.attend(layer, tokens, bias, mask), expected(tokens, sum), 1e-12));
  EXPECT_TRUE(close(bench.attend(layer, tokens, {}, mask), expected(tokens, mask.expand({3, 2, 5, 5})), 1e-12));
}

TEST_F(AttentionTest, GivesTheBiasItsGradient) {
  const at::Tensor tokens = bench.normal({1, 5, 8});
  const at::Tensor bias = bench.normal({1, 2, 5, 5}).requires_grad_();
  const at::Tensor same_bias = bias.detach().clone().requires_grad_();
  bench.attend(layer, tokens, bias, {}).square().sum().backward();
  expected(tokens, same_bias).square().sum().backward();
  EXPECT_TRUE(close(bias.grad(), same_bias.grad(), 1e-10));
}

TEST_F(AttentionTest, IsNotAppliedLikeALayer) {
  const at::Tensor tokens = bench.normal({1, 5, 8});
  EXPECT_THAT(message_of([&] { bench.apply(layer, {tokens}); }), HasSubstr("layer \"attn\": it cannot be applied"));
  EXPECT_THAT(message_of([&] {
                bench.attend(layer, bench.normal({1, 5, 6}), {}, {});
              }),
              HasSubstr("expected tokens [N, L, 8], found [1, 5, 6]"));
}

}  // namespace
}  // namespace sshost::test
