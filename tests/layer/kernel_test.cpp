// Every algorithm for a convolution gives what the plain one gives.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>
#include <limits>
#include <random>
#include <utility>

#include "layer/bench.h"
#include "layer/kernel/choose.h"
#include "layer/kernel/panels.h"
#include "layer/kernel/pointwise_conv.h"
#include "layer/kernel/shifted_conv.h"
#include "layer/kernel/vendor_conv.h"
#include "layer/kernel/winograd_conv.h"
#include "layer/kernel/winograd_transform.h"

namespace sshost::layer::kernel {
namespace {

// Of the largest value: what float32 leaves of sums over thousands of products.
constexpr double kRounding = 1e-6;
constexpr double kWinogradRounding = 3e-5;

state::Workspace workspace;

class Draw {
 public:
  explicit Draw(uint64_t seed) : engine_(seed) { at::manual_seed(seed); }
  int64_t from(int64_t least, int64_t most) { return std::uniform_int_distribution<int64_t>(least, most)(engine_); }
  bool one_in(int64_t n) { return from(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

struct Case {
  ConvProblem problem;
  at::Tensor input;
  at::Tensor residual;  // undefined for none

  // In float64.
  at::Tensor expected() const {
    const ConvShape& shape = problem.shape;
    at::Tensor output = at::conv2d(input.to(at::kDouble), problem.weight.to(at::kDouble),
                                   problem.bias.defined() ? problem.bias.to(at::kDouble) : at::Tensor(), shape.stride,
                                   shape.padding, shape.dilation, shape.groups);
    if (residual.defined()) output = output + residual;
    return problem.relu ? output.relu() : output;
  }
};

at::Tensor of_any_layout(Draw& draw, const at::Tensor& map) {
  return draw.one_in(2) ? map.contiguous(at::MemoryFormat::ChannelsLast) : map;
}

Case complete(Draw& draw, const ConvShape& shape, int64_t height, int64_t width) {
  Case drawn;
  drawn.problem.shape = shape;
  drawn.problem.weight =
      at::randn({shape.out_channels, shape.in_channels / shape.groups, shape.kernel[0], shape.kernel[1]});
  if (draw.one_in(2)) drawn.problem.bias = at::randn({shape.out_channels});
  drawn.problem.relu = draw.one_in(2);
  drawn.input = of_any_layout(draw, at::randn({draw.from(1, 2), shape.in_channels, height, width}));
  if (draw.one_in(2)) drawn.residual = of_any_layout(draw, at::randn_like(drawn.expected(), at::kFloat));
  return drawn;
}

Case draw_same_3x3(Draw& draw) {
  const int64_t dilation = draw.one_in(3) ? 1 : draw.from(1, 13);
  const ConvShape shape{16 * draw.from(1, 9), 16 * draw.from(1, 5), {3, 3}, {1, 1},
                        {dilation, dilation}, {dilation, dilation}, 1};
  return complete(draw, shape, draw.from(1, 33), draw.from(1, 33));
}

Case draw_any(Draw& draw) {
  const int64_t groups = draw.one_in(3) ? draw.from(1, 4) : 1;
  ConvShape shape{groups * draw.from(1, 12),
                  groups * draw.from(1, 12),
                  {draw.from(1, 5), draw.from(1, 5)},
                  {draw.from(1, 3), draw.from(1, 3)},
                  {draw.from(0, 3), draw.from(0, 3)},
                  {draw.from(1, 2), draw.from(1, 2)},
                  groups};
  return complete(draw, shape, draw.from(9, 30), draw.from(9, 30));
}

void expect_equal(const at::Tensor& found, const Case& drawn, double tolerance, const std::string& what) {
  const at::Tensor expected = drawn.expected();
  ASSERT_EQ(found.sizes(), expected.sizes()) << what;
  ASSERT_TRUE(found.is_contiguous(at::MemoryFormat::ChannelsLast)) << what;
  const double largest = std::max(1.0, expected.abs().max().item<double>());
  EXPECT_LT((found.to(at::kDouble) - expected).abs().max().item<double>() / largest, tolerance)
      << what << " of " << drawn.input.sizes() << ", " << drawn.problem.shape.out_channels << " channels, dilation "
      << drawn.problem.shape.dilation[0];
}

TEST(ConvKernel, TheVendorsEqualsThePlainOne) {
  if (!has_vendor_conv()) GTEST_SKIP() << "this LibTorch has no oneDNN";
  Draw draw(1);
  for (int i = 0; i < 100; ++i) {
    const Case drawn = draw_any(draw);
    expect_equal(make_vendor_conv(drawn.problem)->run(drawn.input, drawn.residual), drawn, 10 * kRounding, "vendor");
  }
}

TEST(ConvKernel, WinogradEqualsThePlainOne) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Draw draw(2);
  for (int i = 0; i < 60; ++i) {
    const Case drawn = draw_same_3x3(draw);
    const auto panels = make_panels(drawn.problem);
    for (const int m : kWinogradSizes) {
      expect_equal(winograd_conv(m, *panels, drawn.input, drawn.residual, workspace), drawn, kWinogradRounding,
                   "F(" + std::to_string(m) + ")");
    }
  }
}

TEST(ConvKernel, WinogradEqualsThePlainOneOverSeveralBlocksOfChannels) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Draw draw(3);
  const ConvShape shape{1040, 512, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1};
  const Case drawn = complete(draw, shape, 13, 14);
  const auto panels = make_panels(drawn.problem);
  for (const int m : kWinogradSizes) {
    expect_equal(winograd_conv(m, *panels, drawn.input, drawn.residual, workspace), drawn, kWinogradRounding,
                 "F(" + std::to_string(m) + ")");
  }
}

TEST(ConvKernel, ShiftedProductsEqualThePlainOne) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Draw draw(4);
  for (int i = 0; i < 60; ++i) {
    Case drawn = draw_same_3x3(draw);
    expect_equal(shifted_conv(*make_panels(drawn.problem), drawn.input, drawn.residual, workspace), drawn,
                 10 * kRounding, "shifted");
  }
}

TEST(ConvKernel, PointwiseEqualsThePlainOne) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Draw draw(6);
  for (int i = 0; i < 100; ++i) {
    const int64_t stride = draw.one_in(3) ? 2 : 1;
    const ConvShape shape{draw.from(1, 300), draw.from(1, 200), {1, 1}, {stride, stride}, {0, 0}, {1, 1}, 1};
    ASSERT_TRUE(fits_pointwise(shape));
    const Case drawn = complete(draw, shape, draw.from(1, 33), draw.from(1, 33));
    expect_equal(pointwise_conv(*make_panels(drawn.problem), drawn.input, drawn.residual, workspace), drawn,
                 10 * kRounding, "pointwise");
  }
}

TEST(ConvKernel, LeavesNoNumberOfWhatIsNone) {
  if (!has_vendor_conv()) GTEST_SKIP() << "this LibTorch has no oneDNN";
  Draw draw(5);
  const ConvShape shape{16, 16, {3, 3}, {1, 1}, {1, 1}, {1, 1}, 1};
  Case drawn = complete(draw, shape, 6, 6);
  drawn.problem.relu = true;
  drawn.problem.weight[3][2][1][1] = std::numeric_limits<float>::quiet_NaN();
  const auto expect_nan = [](const at::Tensor& output) { EXPECT_TRUE(output.select(1, 3).isnan().all().item<bool>()); };
  expect_nan(make_vendor_conv(drawn.problem)->run(drawn.input, drawn.residual));
  if (!has_micro_kernel()) return;
  const auto panels = make_panels(drawn.problem);
  expect_nan(shifted_conv(*panels, drawn.input, drawn.residual, workspace));
  for (const int m : kWinogradSizes) expect_nan(winograd_conv(m, *panels, drawn.input, drawn.residual, workspace));
}

// Seconds of the calling thread, and of all of them, that `work` takes.
template <typename Work>
std::pair<double, double> cpu_seconds_of(const Work& work) {
  const auto now = [](clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  };
  const double own = now(CLOCK_THREAD_CPUTIME_ID), all = now(CLOCK_PROCESS_CPUTIME_ID);
  work();
  return {now(CLOCK_THREAD_CPUTIME_ID) - own, now(CLOCK_PROCESS_CPUTIME_ID) - all};
}

TEST(ConvKernel, RunsOnAllThreads) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  Draw draw(8);
  const ConvShape pointwise{512, 512, {1, 1}, {1, 1}, {0, 0}, {1, 1}, 1};
  const ConvShape dilated{512, 512, {3, 3}, {1, 1}, {4, 4}, {4, 4}, 1};
  const Case one = complete(draw, pointwise, 64, 64), nine = complete(draw, dilated, 64, 64);
  const auto panels = make_panels(one.problem), taps = make_panels(nine.problem);
  at::set_num_threads(2);
  const auto expect_shared = [](const auto& work) {
    work();
    const auto [own, all] = cpu_seconds_of(work);
    EXPECT_GT(all, 1.3 * own);
  };
  expect_shared([&] { pointwise_conv(*panels, one.input, {}, workspace); });
  expect_shared([&] { shifted_conv(*taps, nine.input, {}, workspace); });
  expect_shared([&] { winograd_conv(4, *taps, nine.input, {}, workspace); });
}

TEST(ConvKernel, CountsTheProductsThatMeetTheMap) {
  EXPECT_DOUBLE_EQ(shifted_products(1, 1, 1), 1);      // one pixel: the middle tap alone
  EXPECT_DOUBLE_EQ(shifted_products(100, 64, 64), 1);  // no other tap meets the map
  EXPECT_NEAR(shifted_products(36, 64, 64), 9 * 0.39, 0.05);
  EXPECT_NEAR(shifted_products(1, 1000, 1000), 9, 0.02);
}

TEST(ConvKernel, IsChosenByShapeAlone) {
  if (!has_micro_kernel()) GTEST_SKIP() << "this machine has no micro-kernel for float32 (AVX-512)";
  const auto shape = [](int64_t channels, int64_t dilation) {
    return ConvShape{channels, channels, {3, 3}, {1, 1}, {dilation, dilation}, {dilation, dilation}, 1};
  };
  EXPECT_EQ(choose_conv(shape(512, 1), 64, 64).algorithm, ConvAlgorithm::kWinograd);
  EXPECT_EQ(choose_conv(shape(512, 36), 64, 64).algorithm, ConvAlgorithm::kShifted);
  EXPECT_EQ(choose_conv(shape(8, 1), 64, 64).algorithm, ConvAlgorithm::kVendor);
  ConvShape strided = shape(512, 1);
  strided.stride = {2, 2};
  EXPECT_EQ(choose_conv(strided, 64, 64).algorithm, ConvAlgorithm::kVendor);
  EXPECT_EQ(choose_conv({512, 64, {1, 1}, {2, 2}, {0, 0}, {1, 1}, 1}, 64, 64).algorithm, ConvAlgorithm::kPointwise);
  EXPECT_EQ(choose_conv({512, 64, {1, 1}, {1, 1}, {1, 1}, {1, 1}, 1}, 64, 64).algorithm, ConvAlgorithm::kVendor);
}

// A layer of the contract, with everything that a conv may have.
class PreparedLayer : public testing::Test {
 protected:
  test::Bench bench;
  state::Prepared prepared;

  at::Tensor infer(ss_layer layer, const std::vector<at::Tensor>& inputs, const at::Tensor& residual, bool fast) {
    const at::NoGradGuard no_grad;
    bench.context.prepared = fast ? &prepared : nullptr;
    return bench.apply(layer, inputs, residual);
  }
};

TEST_F(PreparedLayer, EqualsThePlainLayerWithEveryNormAndActivation) {
  const ss_norm_kind norms[] = {SS_NORM_NONE, SS_NORM_BATCH, SS_NORM_GROUP, SS_NORM_LAYER};
  const ss_activation_kind activations[] = {SS_ACTIVATION_NONE, SS_ACTIVATION_RELU, SS_ACTIVATION_LEAKY_RELU,
                                            SS_ACTIVATION_GELU};
  int count = 0;
  for (const ss_norm_kind norm : norms) {
    for (const ss_activation_kind activation : activations) {
      const std::string name = "layer" + std::to_string(count++);
      const ss_norm_spec norm_of = test::norm_spec(norm);
      const ss_activation_spec activation_of = test::activation_spec(activation, 0.1);
      ss_conv_spec spec = test::conv_spec(name, 48, 32);
      spec.resize = SS_RESIZE_BILINEAR;
      spec.norm = norm == SS_NORM_NONE ? nullptr : &norm_of;
      spec.activation = activation == SS_ACTIVATION_NONE ? nullptr : &activation_of;
      const ss_layer layer = bench.conv(spec);
      if (norm == SS_NORM_BATCH) {
        bench.context.training = true;
        bench.apply(layer, {bench.normal({2, 48, 9, 9})});  // running statistics that are not the first ones
        bench.context.training = false;
      }
      const std::vector<at::Tensor> inputs = {bench.normal({2, 32, 12, 15}), bench.normal({2, 16, 3, 4})};
      for (const at::Tensor& residual : {at::Tensor(), bench.normal({2, 32, 12, 15})}) {
        const at::Tensor plain = infer(layer, inputs, residual, false);
        EXPECT_TRUE(test::close(infer(layer, inputs, residual, true), plain, 2e-5)) << name;
      }
    }
  }
}

// A pooled map, two coarse levels and a full one, as PSPNet, DeepLabV3 and feature pyramids concatenate them.
TEST_F(PreparedLayer, EqualsThePlainLayerWhereSomeInputsAreCoarse) {
  int count = 0;
  for (const ss_resize_kind resize : {SS_RESIZE_BILINEAR, SS_RESIZE_BILINEAR_ALIGN_CORNERS, SS_RESIZE_NEAREST}) {
    for (const int64_t kernel : {1, 3}) {
      ss_conv_spec spec = test::conv_spec("coarse" + std::to_string(count++), 32 + 16 + 8 + 16, 32);
      spec.resize = resize;
      for (int axis = 0; axis < 2; ++axis) {
        spec.kernel[axis] = kernel;
        spec.dilation[axis] = kernel == 3 ? 2 : 1;
        spec.padding[axis] = kernel == 3 ? 2 : 0;
      }
      const ss_layer layer = bench.conv(spec);
      const std::vector<at::Tensor> inputs = {bench.normal({2, 32, 18, 21}), bench.normal({2, 16, 1, 1}),
                                              bench.normal({2, 8, 3, 3}), bench.normal({2, 16, 18, 21})};
      for (const at::Tensor& residual : {at::Tensor(), bench.normal({2, 32, 18, 21})}) {
        const at::Tensor plain = infer(layer, inputs, residual, false);
        EXPECT_TRUE(test::close(infer(layer, inputs, residual, true), plain, 2e-5)) << resize << ", " << kernel;
      }
    }
  }
}

TEST_F(PreparedLayer, AResidualOfAnotherShapeIsRefusedAsInThePlainLayer) {
  const ss_layer layer = bench.conv(test::conv_spec("a", 8, 8));
  const at::Tensor input = bench.normal({1, 8, 6, 6});
  const at::Tensor residual = bench.normal({1, 8, 5, 6});
  const std::string plain = test::message_of([&] { infer(layer, {input}, residual, false); });
  EXPECT_EQ(test::message_of([&] { infer(layer, {input}, residual, true); }), plain);
  EXPECT_THAT(plain, testing::HasSubstr("residual"));
}

TEST_F(PreparedLayer, TrainingAndGradientsTakeThePlainLayer) {
  const ss_layer layer = bench.conv(test::conv_spec("a", 32, 32));
  const at::Tensor input = bench.normal({1, 32, 8, 8}).requires_grad_();
  bench.context.prepared = &prepared;
  bench.apply(layer, {input}).sum().backward();
  EXPECT_TRUE(input.grad().defined());
}

}  // namespace
}  // namespace sshost::layer::kernel
