// What came with ss.layers/2.
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>

#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::HasSubstr;

// PyTorch's formulas, of torch.nn.functional.
at::Tensor formula(ss_activation_kind kind, const at::Tensor& x, double slope) {
  switch (kind) {
    case SS_ACTIVATION_RELU6:
      return x.clamp(0, 6);
    case SS_ACTIVATION_HARDSWISH:
      return x * (x + 3).clamp(0, 6) / 6;
    case SS_ACTIVATION_HARDSIGMOID:
      return (x + 3).clamp(0, 6) / 6;
    default:
      return at::where(x.gt(0), x, slope * (x.exp() - 1));
  }
}

class LaterActivation : public testing::TestWithParam<ss_activation_kind> {};

TEST_P(LaterActivation, EqualsItsFormulaWithItsGradient) {
  Bench bench(at::kDouble);
  const ss_layer layer = bench.activation("act", activation_spec(GetParam(), 0.75));
  const at::Tensor input = (bench.normal({2, 3, 5}) * 4).requires_grad_();
  const at::Tensor same_input = input.detach().clone().requires_grad_();
  const at::Tensor output = bench.apply(layer, {input}), expected = formula(GetParam(), same_input, 0.75);
  EXPECT_TRUE(close(output, expected, 1e-7)) << "LibTorch's hardsigmoid has a sixth of float";
  output.square().sum().backward();
  expected.square().sum().backward();
  EXPECT_TRUE(close(input.grad(), same_input.grad(), 1e-6));
}

INSTANTIATE_TEST_SUITE_P(Layers2, LaterActivation,
                         testing::Values(SS_ACTIVATION_RELU6, SS_ACTIVATION_HARDSWISH, SS_ACTIVATION_HARDSIGMOID,
                                         SS_ACTIVATION_ELU));

TEST(Activation, OfANumberThatTheHostDoesNotKnowIsRefused) {
  Bench bench;
  EXPECT_THAT(message_of([&] { bench.activation("act", activation_spec(SS_ACTIVATION_ELU + 1)); }),
              HasSubstr("layer \"act\": unknown ss_activation_kind 10"));
  EXPECT_THAT(message_of([&] { bench.norm("n", 4, norm_spec(SS_NORM_INSTANCE + 1)); }),
              HasSubstr("layer \"n\": unknown ss_norm_kind 5"));
}

TEST(InstanceNorm, EqualsADirectCallInTrainingAndInInference) {
  Bench bench(at::kDouble);
  const ss_layer norm = bench.norm("n", 4, norm_spec(SS_NORM_INSTANCE));
  for (const char* name : {"part.n.weight", "part.n.bias"}) bench.store.assign(name, bench.normal({4}));
  const at::Tensor input = bench.normal({3, 4, 5, 6});
  const at::Tensor mean = input.mean({2, 3}, true), variance = (input - mean).square().mean({2, 3}, true);
  const at::Tensor expected =
      (input - mean) / (variance + 1e-5).sqrt() * bench.value("part.n.weight").view({1, 4, 1, 1}) +
      bench.value("part.n.bias").view({1, 4, 1, 1});
  EXPECT_TRUE(close(bench.apply(norm, {input}), expected, 1e-10));
  bench.context.training = true;
  EXPECT_TRUE(close(bench.apply(norm, {input}), expected, 1e-10));
  EXPECT_EQ(bench.store.size(), 2U) << "it keeps no running statistics";
}

TEST(InstanceNorm, FollowsAConvolution) {
  Bench bench;
  const ss_norm_spec norm = norm_spec(SS_NORM_INSTANCE);
  ss_conv_spec spec = conv_spec("a", 3, 4);
  spec.norm = &norm;
  const ss_layer conv = bench.conv(spec);
  const at::Tensor input = bench.normal({2, 3, 6, 6});
  const at::Tensor map = at::conv2d(input, bench.value("part.a.conv.weight"), {}, 1, 1);
  const at::Tensor expected = at::instance_norm(map, bench.value("part.a.norm.weight"), bench.value("part.a.norm.bias"),
                                                {}, {}, true, 0, 1e-5, false);
  EXPECT_TRUE(close(bench.apply(conv, {input}), expected, 1e-5));
}

struct Window {
  int64_t kernel[2], dilation[2];
};

class SamePadding : public testing::TestWithParam<Window> {};

ss_conv_spec same_spec(const Window& window) {
  ss_conv_spec spec = conv_spec("a", 3, 4);
  for (int axis = 0; axis < 2; ++axis) {
    spec.kernel[axis] = window.kernel[axis];
    spec.dilation[axis] = window.dilation[axis];
    spec.padding[axis] = SS_PADDING_SAME;
  }
  return spec;
}

TEST_P(SamePadding, EqualsPyTorchsInTrainingAndInInference) {
  const Window& window = GetParam();
  Bench bench;
  const ss_layer conv = bench.conv(same_spec(window));
  const at::Tensor input = bench.normal({2, 3, 11, 9});
  const at::Tensor expected = at::conv2d(input, bench.value("part.a.conv.weight"), {}, at::IntArrayRef{1, 1}, "same",
                                         at::IntArrayRef(window.dilation, 2), 1);
  EXPECT_EQ(expected.size(2), 11);
  EXPECT_TRUE(close(bench.apply(conv, {input}), expected, 1e-5));
  const at::Tensor residual = bench.normal({2, 4, 11, 9});
  const at::NoGradGuard no_gradient;
  state::Prepared prepared;
  bench.context.prepared = &prepared;
  EXPECT_TRUE(close(bench.apply(conv, {input}, residual), expected + residual, 1e-4));
}

INSTANTIATE_TEST_SUITE_P(Layers2, SamePadding,
                         testing::Values(Window{{3, 3}, {1, 1}}, Window{{2, 2}, {1, 1}}, Window{{4, 3}, {1, 2}},
                                         Window{{2, 5}, {3, 1}}, Window{{1, 6}, {1, 1}}));

TEST(SamePadding, TakesSeveralInputs) {
  Bench bench;
  ss_conv_spec spec = same_spec({{2, 2}, {1, 1}});
  spec.resize = SS_RESIZE_BILINEAR;
  const ss_layer conv = bench.conv(spec);
  const at::Tensor fine = bench.normal({1, 2, 8, 8}), coarse = bench.normal({1, 1, 4, 4});
  const at::Tensor whole = at::cat({fine, at::upsample_bilinear2d(coarse, {8, 8}, false)}, 1);
  EXPECT_TRUE(close(bench.apply(conv, {fine, coarse}), bench.apply(conv, {whole}), 1e-6));
}

TEST(SamePadding, IsRefusedWhereItHasNoMeaning) {
  Bench bench;
  ss_conv_spec strided = same_spec({{3, 3}, {1, 1}});
  strided.stride[1] = 2;
  EXPECT_THAT(message_of([&] { bench.conv(strided); }), HasSubstr("needs a stride of 1, found 1 and 2"));
  ss_conv_spec transposed = same_spec({{3, 3}, {1, 1}});
  transposed.transposed = 1;
  EXPECT_THAT(message_of([&] { bench.conv(transposed); }), HasSubstr("not for a transposed convolution"));
  ss_conv_spec one = same_spec({{3, 3}, {1, 1}});
  one.padding[1] = 1;
  EXPECT_THAT(message_of([&] { bench.conv(one); }), HasSubstr("is for both axes"));
}

class CrossAttentionTest : public testing::Test {
 protected:
  CrossAttentionTest() {
    const ss_cross_attention_spec spec = {.size = sizeof spec,
                                          .bias = 1,
                                          .name = text("attn"),
                                          .query_part = text("q."),
                                          .key_value_part = text("kv."),
                                          .out_part = text("proj."),
                                          .channels = 8,
                                          .source_channels = 6,
                                          .heads = 2};
    layer = bench.cross_attention(spec);
    for (const char* name : {"q.bias", "kv.bias", "proj.bias"}) {
      const std::string full = "part.attn." + std::string(name);
      bench.store.assign(full, bench.normal(bench.value(full).sizes()));
    }
  }

  at::Tensor linear(const at::Tensor& input, const std::string& part) {
    return at::linear(input, bench.value("part.attn." + part + ".weight"), bench.value("part.attn." + part + ".bias"));
  }

  at::Tensor expected(const at::Tensor& tokens, const at::Tensor& source, const at::Tensor& added) {
    const at::Tensor query = linear(tokens, "q"), both = linear(source, "kv");
    std::vector<at::Tensor> heads;
    for (int64_t head = 0; head < 2; ++head) {
      at::Tensor logits = query.narrow(2, head * 4, 4).matmul(both.narrow(2, head * 4, 4).transpose(1, 2)) / 2.0;
      if (added.defined()) logits = logits + added.select(1, head);
      heads.push_back(logits.softmax(-1).matmul(both.narrow(2, 8 + head * 4, 4)));
    }
    return linear(at::cat(heads, 2), "proj");
  }

  Bench bench{at::kDouble};
  ss_layer layer = nullptr;
};

TEST_F(CrossAttentionTest, EqualsItsFormulaForKeysOfAnotherLength) {
  const at::Tensor tokens = bench.normal({3, 10, 8}).requires_grad_(), source = bench.normal({3, 4, 6});
  const at::Tensor same_tokens = tokens.detach().clone().requires_grad_();
  const at::Tensor output = bench.attend_to(layer, tokens, source), wanted = expected(same_tokens, source, {});
  EXPECT_TRUE(close(output, wanted, 1e-12));
  output.square().sum().backward();
  wanted.square().sum().backward();
  EXPECT_TRUE(close(tokens.grad(), same_tokens.grad(), 1e-10));
}

TEST_F(CrossAttentionTest, AddsBiasAndMaskToTheLogits) {
  const at::Tensor tokens = bench.normal({3, 5, 8}), source = bench.normal({3, 7, 6});
  const at::Tensor bias = bench.normal({1, 2, 5, 7}), mask = bench.normal({3, 1, 5, 7});
  EXPECT_TRUE(close(bench.attend_to(layer, tokens, source, bias, mask), expected(tokens, source, bias + mask), 1e-12));
}

TEST_F(CrossAttentionTest, RefusesOtherShapesAndTheCallOfAnotherLayer) {
  const at::Tensor tokens = bench.normal({1, 5, 8});
  EXPECT_THAT(message_of([&] { bench.attend_to(layer, tokens, tokens); }),
              HasSubstr("expected a source [N, S, 6], found [1, 5, 8]"));
  EXPECT_THAT(message_of([&] {
                bench.attend_to(layer, tokens, bench.normal({2, 5, 6}));
              }),
              HasSubstr("expected a source of 1 images"));
  EXPECT_THAT(message_of([&] { bench.attend(layer, tokens, {}, {}); }), HasSubstr("`attend` is for an attention"));
}

}  // namespace
}  // namespace sshost::test
