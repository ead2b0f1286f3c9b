#include <gmock/gmock.h>

#include "bridge/call_count.h"
#include "layer/bench.h"

namespace sshost::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names_in(const state::StateStore& store) {
  std::vector<std::string> names;
  for (const state::StateEntry& entry : store) names.push_back(entry.name);
  return names;
}

// The plain network that the tests compare with, over copies of the same values.
struct Direct {
  explicit Direct(const Bench& bench)
      : weight(copy(bench, "part.a.conv.weight", true)),
        scale(copy(bench, "part.a.norm.weight", true)),
        shift(copy(bench, "part.a.norm.bias", true)),
        mean(copy(bench, "part.a.norm.running_mean", false)),
        variance(copy(bench, "part.a.norm.running_var", false)) {}

  static at::Tensor copy(const Bench& bench, std::string_view name, bool trainable) {
    return bench.value(name).detach().clone().requires_grad_(trainable);
  }

  at::Tensor operator()(const at::Tensor& input, bool training, double momentum, double epsilon) {
    const at::Tensor map = at::conv2d(input, weight, {}, 1, 1);
    return at::batch_norm(map, scale, shift, mean, variance, training, momentum, epsilon, true).relu_();
  }

  at::Tensor weight, scale, shift, mean, variance;
};

class ConvInPrecision : public testing::TestWithParam<at::ScalarType> {
 protected:
  ConvInPrecision() : bench(GetParam()) {
    ss_norm_spec norm = norm_spec(SS_NORM_BATCH);
    norm.momentum = 0.3;
    norm.epsilon = 1e-3;
    const ss_activation_spec relu = activation_spec(SS_ACTIVATION_RELU);
    ss_conv_spec spec = conv_spec("a", 3, 5);
    spec.norm = &norm;
    spec.activation = &relu;
    conv = bench.conv(spec);
  }

  Bench bench;
  ss_layer conv = nullptr;
};

TEST_P(ConvInPrecision, EqualsDirectCallsInTrainingBitForBit) {
  Direct direct(bench);
  bench.context.training = true;
  for (int step = 1; step <= 2; ++step) {
    const at::Tensor input = bench.normal({2, 3, 6, 7});
    const at::Tensor output = bench.apply(conv, {input});
    const at::Tensor expected = direct(input, true, 0.3, 1e-3);
    EXPECT_EQ(output.scalar_type(), GetParam());
    EXPECT_TRUE(same(output, expected));
    output.square().sum().backward();
    expected.square().sum().backward();
    EXPECT_TRUE(same(bench.value("part.a.conv.weight").grad(), direct.weight.grad()));
    EXPECT_TRUE(same(bench.value("part.a.norm.weight").grad(), direct.scale.grad()));
    EXPECT_TRUE(same(bench.value("part.a.norm.running_mean"), direct.mean));
    EXPECT_TRUE(same(bench.value("part.a.norm.running_var"), direct.variance));
    EXPECT_EQ(bench.value("part.a.norm.num_batches_tracked").item<int64_t>(), step);
  }
}

TEST_P(ConvInPrecision, EqualsDirectCallsInInferenceBitForBit) {
  bench.context.training = true;
  bench.apply(conv, {bench.normal({2, 3, 6, 7})});  // running statistics that are not the first ones
  bench.context.training = false;
  Direct direct(bench);
  const at::Tensor input = bench.normal({1, 3, 4, 4});
  const at::Tensor mean_before = bench.value("part.a.norm.running_mean").clone();
  EXPECT_TRUE(same(bench.apply(conv, {input}), direct(input, false, 0.3, 1e-3)));
  EXPECT_TRUE(same(bench.value("part.a.norm.running_mean"), mean_before));
  EXPECT_EQ(bench.value("part.a.norm.num_batches_tracked").item<int64_t>(), 1);
}

TEST_P(ConvInPrecision, RecomputingGivesTheSameOutputAndLeavesTheRunningStatistics) {
  bench.context.training = true;
  const at::Tensor input = bench.normal({2, 3, 6, 7});
  const at::Tensor output = bench.apply(conv, {input});
  const at::Tensor mean = bench.value("part.a.norm.running_mean").clone();
  bench.context.recomputing = true;
  EXPECT_TRUE(same(bench.apply(conv, {input}), output));
  EXPECT_TRUE(same(bench.value("part.a.norm.running_mean"), mean));
  EXPECT_EQ(bench.value("part.a.norm.num_batches_tracked").item<int64_t>(), 1);
}

INSTANTIATE_TEST_SUITE_P(Conv, ConvInPrecision, testing::Values(at::kFloat, at::kDouble),
                         [](const auto& precision) { return std::string(c10::toString(precision.param)); });

TEST(Conv, NamesItsStateFromItsPartsInPyTorchsOrder) {
  Bench bench;
  const ss_norm_spec norm = norm_spec(SS_NORM_BATCH);
  const ss_activation_spec prelu = activation_spec(SS_ACTIVATION_PRELU, 0.25);
  ss_conv_spec spec = conv_spec("a", 2, 4);
  spec.conv_part = text("");
  spec.norm_part = text("1");
  spec.bias = 1;
  spec.norm = &norm;
  spec.activation = &prelu;
  bench.conv(spec);
  EXPECT_THAT(names_in(bench.store),
              ElementsAre("part.a.weight", "part.a.bias", "part.a.1.weight", "part.a.1.bias", "part.a.1.running_mean",
                          "part.a.1.running_var", "part.a.1.num_batches_tracked", "part.a.activation.weight"));
  EXPECT_EQ(bench.value("part.a.activation.weight").item<double>(), 0.25);
}

TEST(Conv, AddsTheResidualBeforeTheActivation) {
  Bench bench;
  const ss_activation_spec relu = activation_spec(SS_ACTIVATION_RELU);
  ss_conv_spec spec = conv_spec("a", 3, 3);
  spec.activation = &relu;
  const ss_layer conv = bench.conv(spec);
  const at::Tensor input = bench.normal({1, 3, 5, 5});
  const at::Tensor residual = bench.normal({1, 3, 5, 5});
  const at::Tensor before = residual.clone();
  const at::Tensor expected = at::relu(at::conv2d(input, bench.value("part.a.conv.weight"), {}, 1, 1) + residual);
  EXPECT_TRUE(same(bench.apply(conv, {input}, residual), expected));
  EXPECT_TRUE(same(residual, before));
}

TEST(Conv, ResizesSeveralInputsToTheFirstAndConcatenatesThem) {
  const auto bilinear = [](const at::Tensor& map, bool align) { return at::upsample_bilinear2d(map, {6, 7}, align); };
  for (const ss_resize_kind kind : {SS_RESIZE_BILINEAR, SS_RESIZE_NEAREST, SS_RESIZE_BILINEAR_ALIGN_CORNERS}) {
    Bench bench;
    ss_conv_spec spec = conv_spec("a", 5, 4);
    spec.resize = kind;
    const ss_layer conv = bench.conv(spec);
    const at::Tensor first = bench.normal({2, 2, 6, 7});
    const at::Tensor second = bench.normal({2, 3, 2, 3});
    const at::Tensor resized = kind == SS_RESIZE_NEAREST ? at::upsample_nearest2d(second, {6, 7})
                                                         : bilinear(second, kind == SS_RESIZE_BILINEAR_ALIGN_CORNERS);
    const at::Tensor expected = at::conv2d(at::cat({first, resized}, 1), bench.value("part.a.conv.weight"), {}, 1, 1);
    EXPECT_TRUE(same(bench.apply(conv, {first, second}), expected)) << "resize kind " << kind;
  }
}

TEST(Conv, TransposedEqualsADirectCallAndDrawsAWeightOfThatShape) {
  Bench bench;
  ss_conv_spec spec = conv_spec("a", 4, 6);
  spec.transposed = 1;
  spec.bias = 1;
  spec.groups = 2;
  spec.stride[0] = spec.stride[1] = 2;
  spec.output_padding[0] = spec.output_padding[1] = 1;
  const ss_layer conv = bench.conv(spec);
  const at::Tensor& weight = bench.value("part.a.conv.weight");
  EXPECT_EQ(weight.sizes(), at::IntArrayRef({4, 3, 3, 3}));
  const at::Tensor input = bench.normal({1, 4, 5, 5});
  EXPECT_TRUE(same(bench.apply(conv, {input}),
                   at::conv_transpose2d(input, weight, bench.value("part.a.conv.bias"), 2, 1, 1, 2, 1)));
}

TEST(Conv, SaysWhatItExpectedOfAnInput) {
  Bench bench;
  const ss_layer conv = bench.conv(conv_spec("fuse", 5, 4));
  const at::Tensor three = bench.normal({1, 3, 4, 4});
  EXPECT_EQ(message_of([&] { bench.apply(conv, {three}); }),
            "layers: layer \"fuse\": expected 5 channels over all inputs, found 3");
  EXPECT_THAT(message_of([&] {
                bench.apply(conv, {three, bench.normal({1, 2, 2, 2})});
              }),
              HasSubstr("layer \"fuse\": Sizes of tensors must match"));
  EXPECT_THAT(message_of([&] { bench.apply(conv, {at::Tensor()}); }), HasSubstr("input 0 is NULL"));
  EXPECT_THAT(message_of([&] {
                bench.apply(conv, {bench.normal({1, 5, 4, 4})}, three);
              }),
              HasSubstr("the residual must have the output's shape [1, 4, 4, 4], found [1, 3, 4, 4]"));
  EXPECT_EQ(bridge::live_handles(), 0);
}

TEST(Conv, RefusesASpecThatCannotBe) {
  Bench bench;
  ss_conv_spec spec = conv_spec("a", 3, 4);
  spec.groups = 2;
  EXPECT_THAT(message_of([&] { bench.conv(spec); }), HasSubstr("groups must divide in_channels and out_channels"));
  spec = conv_spec("a", 3, 4);
  spec.dilation[1] = 0;
  EXPECT_THAT(message_of([&] { bench.conv(spec); }), HasSubstr("dilation must be at least 1, found 0"));
  spec = conv_spec("a", 3, 4);
  spec.size = 8;
  EXPECT_THAT(message_of([&] { bench.conv(spec); }), HasSubstr("`size` is smaller than the struct"));
}

TEST(Conv, EachCallIsCountedWhileACounterExists) {
  Bench bench;
  const ss_layer conv = bench.conv(conv_spec("a", 3, 4));
  const at::Tensor input = bench.normal({1, 3, 4, 4});
  const bridge::CallCounter counter;
  bench.apply(conv, {input});
  bench.apply(conv, {input});
  EXPECT_EQ(counter.counts().layers, 2);
}

TEST(Conv, RefusesANameThatIsTaken) {
  Bench bench;
  bench.conv(conv_spec("a", 3, 4));
  EXPECT_THAT(message_of([&] { bench.conv(conv_spec("a", 3, 4)); }),
              HasSubstr("\"part.a.conv.weight\" is declared twice"));
}

TEST(Conv, DrawsPyTorchsDefaultsAndTheSameOnesForASeed) {
  ss_conv_spec spec = conv_spec("a", 16, 32);
  spec.bias = 1;
  Bench first(at::kFloat, 7);
  Bench again(at::kFloat, 7);
  Bench wide(at::kDouble, 7);
  Bench other(at::kFloat, 8);
  for (Bench* bench : {&first, &again, &wide, &other}) bench->conv(spec);

  const at::Tensor& weight = first.value("part.a.conv.weight");
  const double bound = 1 / std::sqrt(16.0 * 9);
  EXPECT_LE(weight.abs().max().item<double>(), bound);
  EXPECT_GT(weight.abs().max().item<double>(), 0.99 * bound);
  EXPECT_LE(first.value("part.a.conv.bias").abs().max().item<double>(), bound);
  EXPECT_TRUE(same(weight, again.value("part.a.conv.weight")));
  EXPECT_TRUE(same(weight.to(at::kDouble), wide.value("part.a.conv.weight")));
  EXPECT_FALSE(at::equal(weight, other.value("part.a.conv.weight")));
}

}  // namespace
}  // namespace sshost::test
