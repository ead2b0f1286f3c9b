// Convolutions in int8 give what integer arithmetic gives.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "bridge/operand.h"
#include "bridge/tables.h"
#include "layer/bench.h"
#include "layer/kernel/codes.h"
#include "layer/kernel/int8_conv.h"

namespace sshost::layer::kernel {
namespace {

using test::activation_spec;
using test::Bench;
using test::conv_spec;
using test::norm_spec;

#define SSHOST_NEEDS_INT8() \
  if (!has_int8_conv()) GTEST_SKIP() << "int8 skipped: this machine has no unit for it (AVX-512 VNNI or AVX-VNNI)"

class Draw {
 public:
  explicit Draw(uint64_t seed) : engine_(seed) { at::manual_seed(seed); }
  int64_t from(int64_t least, int64_t most) { return std::uniform_int_distribution<int64_t>(least, most)(engine_); }
  bool one_in(int64_t n) { return from(1, n) == 1; }
  state::Codes codes() { return {0.001 * static_cast<double>(from(1, 99)), one_in(2) ? 0 : from(1, 255)}; }
  at::Tensor bytes(at::IntArrayRef sizes) {
    return at::randint(0, 256, sizes, at::kByte).contiguous(at::MemoryFormat::ChannelsLast);
  }

 private:
  std::mt19937_64 engine_;
};

struct Case {
  ConvProblem problem;
  state::Codes input_codes, residual_codes, output_codes;
  at::Tensor input;     // uint8
  at::Tensor residual;  // uint8, undefined for none

  // In float64, whose sums of such integers are exact.
  at::Tensor expected() const {
    const ConvShape& shape = problem.shape;
    const Int8Weight weight = to_int8(problem.weight);
    const at::Tensor sums =
        at::conv2d(input.to(at::kDouble) - static_cast<double>(input_codes.zero_point), weight.values.to(at::kDouble),
                   {}, shape.stride, shape.padding, shape.dilation, shape.groups);
    at::Tensor output = sums * weight.scales.to(at::kDouble).view({1, -1, 1, 1}) * input_codes.scale;
    if (problem.bias.defined()) output = output + problem.bias.to(at::kDouble).view({1, -1, 1, 1});
    if (residual.defined()) output = output + values(residual, residual_codes);
    return problem.relu ? output.relu() : output;
  }

  static at::Tensor values(const at::Tensor& bytes, const state::Codes& codes) {
    return (bytes.to(at::kDouble) - static_cast<double>(codes.zero_point)) * codes.scale;
  }
};

Case draw_case(Draw& draw) {
  const int64_t groups = draw.one_in(3) ? draw.from(1, 4) : 1;
  const int64_t dilation = draw.one_in(4) ? draw.from(2, 14) : 1;
  const int64_t side = draw.one_in(2) ? 1 : 3;
  Case drawn;
  drawn.problem.shape = {groups * draw.from(1, 40),
                         groups * draw.from(1, 40),
                         {side, draw.one_in(5) ? 1 : side},
                         {draw.from(1, 2), draw.from(1, 2)},
                         {draw.from(0, 2) * dilation, draw.from(0, 1) * dilation},
                         {dilation, dilation},
                         groups};
  const ConvShape& shape = drawn.problem.shape;
  drawn.problem.weight = at::randn({shape.out_channels, shape.in_channels / groups, shape.kernel[0], shape.kernel[1]});
  if (draw.one_in(2)) drawn.problem.bias = at::randn({shape.out_channels});
  drawn.problem.relu = draw.one_in(2);
  drawn.input_codes = draw.codes();
  drawn.residual_codes = draw.codes();
  drawn.input = draw.bytes({draw.from(1, 2), shape.in_channels, draw.from(29, 41), draw.from(29, 41)});
  if (draw.one_in(2)) drawn.residual = draw.bytes(drawn.expected().sizes());
  drawn.output_codes = {drawn.expected().abs().max().item<double>() / 100, draw.one_in(2) ? 0 : draw.from(1, 255)};
  return drawn;
}

TEST(Int8Conv, GivesTheSumsOfIntegersAsFloat32) {
  SSHOST_NEEDS_INT8();
  Draw draw(1);
  for (int i = 0; i < 150; ++i) {
    const Case drawn = draw_case(draw);
    const at::Tensor residual =
        drawn.residual.defined() ? Case::values(drawn.residual, drawn.residual_codes).to(at::kFloat) : at::Tensor();
    const at::Tensor before = residual.defined() ? residual.clone() : residual;
    const at::Tensor found = Int8Conv(drawn.problem, drawn.input_codes).run(drawn.input, residual);
    const at::Tensor expected = drawn.expected();
    ASSERT_EQ(found.sizes(), expected.sizes());
    ASSERT_EQ(found.scalar_type(), at::kFloat);
    const double largest = std::max(1e-3, expected.abs().max().item<double>());
    EXPECT_LT((found.to(at::kDouble) - expected).abs().max().item<double>() / largest, 1e-5) << i;
    EXPECT_TRUE(!residual.defined() || at::equal(residual, before)) << "the residual stays its owner's";
  }
}

TEST(Int8Conv, GivesTheNearestCodes) {
  SSHOST_NEEDS_INT8();
  Draw draw(2);
  for (int i = 0; i < 150; ++i) {
    const Case drawn = draw_case(draw);
    const at::Tensor residual =
        drawn.residual.defined() ? as_codes(drawn.residual, drawn.residual_codes) : at::Tensor();
    const at::Tensor before = drawn.residual.defined() ? drawn.residual.clone() : at::Tensor();
    const at::Tensor found = Int8Conv(drawn.problem, drawn.input_codes).run(drawn.input, residual, drawn.output_codes);
    EXPECT_EQ(codes_of(found), drawn.output_codes);
    // In codes, before they are rounded: what is near the middle between two may become either.
    const at::Tensor exact =
        (drawn.expected() / drawn.output_codes.scale + static_cast<double>(drawn.output_codes.zero_point))
            .clamp(0, 255);
    EXPECT_LT((bytes_of(found).to(at::kDouble) - exact).abs().max().item<double>(), 0.51) << i;
    EXPECT_TRUE(!residual.defined() || at::equal(drawn.residual, before)) << "the residual stays its owner's";
  }
}

TEST(Int8Conv, KeepsWeightsThatAreAlreadyInItsSteps) {
  const Int8Weight first = to_int8(at::randn({7, 5, 3, 3}));
  const Int8Weight again = to_int8(from_int8(first));
  EXPECT_TRUE(at::equal(first.values, again.values));
  EXPECT_TRUE(at::allclose(first.scales, again.scales, 1e-6, 0));
}

TEST(Int8Conv, WeightsOfNothingStayNothing) {
  at::Tensor weight = at::randn({3, 2, 1, 1});
  weight.select(0, 1).zero_();
  EXPECT_TRUE(at::equal(from_int8(to_int8(weight)).select(0, 1), weight.select(0, 1)));
}

// A layer in int8 beside itself in float32.
struct Layers {
  Layers() {
    bench.context.prepared = &prepared;
    bench.context.precision = state::Precision::kInt8;
  }

  ss_layer declare(ss_activation_kind activation, ss_norm_kind norm) {
    const ss_norm_spec norms = norm_spec(norm);
    const ss_activation_spec activations = activation_spec(activation, 0.1);
    ss_conv_spec spec = conv_spec("a", 16, 24);
    spec.norm = &norms;
    spec.activation = &activations;
    spec.resize = SS_RESIZE_BILINEAR;
    return bench.conv(spec);
  }

  void quantise(std::optional<state::Codes> output) {
    auto made = std::make_shared<state::Quantisation>();
    made->convs["part.a.conv.weight"] = {{8.0 / 255, 128}, output};
    bench.store.quantise(std::move(made));
  }

  at::NoGradGuard no_grad;
  Bench bench;
  state::Prepared prepared;
};

void expect_near(const at::Tensor& found, const at::Tensor& expected) {
  ASSERT_EQ(found.sizes(), expected.sizes());
  const double largest = expected.abs().max().item<double>();
  EXPECT_LT((bridge::plain(found) - expected).abs().max().item<double>() / largest, 0.06);
}

TEST(Int8Layer, IsNearItselfInFloat32WithEveryNormActivationAndResidual) {
  SSHOST_NEEDS_INT8();
  for (const ss_norm_kind norm : {SS_NORM_NONE, SS_NORM_BATCH, SS_NORM_GROUP}) {
    for (const ss_activation_kind activation : {SS_ACTIVATION_NONE, SS_ACTIVATION_RELU, SS_ACTIVATION_LEAKY_RELU}) {
      for (const bool gives_codes : {false, true}) {
        Layers layers;
        const ss_layer layer = layers.declare(activation, norm);
        const at::Tensor input = layers.bench.normal({1, 16, 9, 11});
        const at::Tensor residual = layers.bench.normal({1, 24, 9, 11});
        const at::Tensor expected = layers.bench.apply(layer, {input}, residual);
        layers.quantise(gives_codes ? std::optional<state::Codes>({12.0 / 255, 128}) : std::nullopt);
        const at::Tensor found = layers.bench.apply(layer, {input}, residual);
        EXPECT_EQ(found.is_quantized(), gives_codes);
        expect_near(found, expected);
        expect_near(layers.bench.apply(layer, {input}, to_codes(residual, {8.0 / 255, 128})), expected);
      }
    }
  }
}

TEST(Int8Layer, TakesSeveralInputsOfAnySizeAsValuesOrAsCodes) {
  SSHOST_NEEDS_INT8();
  Layers layers;
  const ss_layer layer = layers.declare(SS_ACTIVATION_RELU, SS_NORM_BATCH);
  const std::vector<at::Tensor> inputs = {layers.bench.normal({1, 8, 12, 10}), layers.bench.normal({1, 4, 6, 5}),
                                          layers.bench.normal({1, 4, 1, 1})};
  const at::Tensor expected = layers.bench.apply(layer, inputs);
  layers.quantise(std::nullopt);
  expect_near(layers.bench.apply(layer, inputs), expected);
  std::vector<at::Tensor> codes;
  for (const at::Tensor& input : inputs) codes.push_back(to_codes(input, {7.0 / 255, 120}));
  expect_near(layers.bench.apply(layer, codes), expected);
}

TEST(Int8Layer, CodesAreValuesToLayersAndOperatorsThatDoNotKnowThem) {
  Layers layers;
  const ss_layer relu = layers.bench.activation("r", activation_spec(SS_ACTIVATION_RELU));
  const ss_layer conv = layers.declare(SS_ACTIVATION_NONE, SS_NORM_NONE);  // in float32
  const at::Tensor codes = to_codes(layers.bench.normal({1, 16, 5, 5}), {6.0 / 255, 128});
  const at::Tensor values = codes.dequantize();
  EXPECT_TRUE(at::equal(layers.bench.apply(relu, {codes}), values.relu()));
  EXPECT_TRUE(at::equal(layers.bench.apply(conv, {codes}), layers.bench.apply(conv, {values})));
  const state::LentHandles lent({codes});
  EXPECT_TRUE(at::equal(bridge::operand(lent[0]), values));
  EXPECT_EQ(bridge::tensor_table()->dtype(lent[0]), SS_FLOAT32);
}

}  // namespace
}  // namespace sshost::layer::kernel
