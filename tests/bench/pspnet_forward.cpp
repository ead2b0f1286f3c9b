// One forward of PSPNet-R50 at 512x512 on one thread: through the plugins and their contract, beside the same network
// written directly on LibTorch, in turn; and what the calls over the boundary cost by themselves.
//   build/release/bin/bench_pspnet_forward
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <cstdio>
#include <exception>

#include "bench/direct_pspnet.h"
#include "bench/paired.h"
#include "bridge/boundary.h"
#include "bridge/call_count.h"
#include "bridge/handle.h"
#include "bridge/tables.h"
#include "layer/layers_table.h"
#include "run/model.h"

namespace sshost::bench {
namespace {

constexpr const char* kPipeline = R"(
run: [evaluate]
data: {dataset: {type: synthetic}}
model:
  backbone: {type: resnet, depth: 50, output_stride: 8, stem: conv7x7}
  head: {type: psp}
)";

state::ExecutionContext context_for(state::StateStore& store) {
  return state::ExecutionContext(store, at::detail::createCPUGenerator(0));
}

// Seconds that a call of ss.ops/1 takes beyond the direct one: a convolution, the dearest to convert, on almost
// nothing.
double extra_of_operator() {
  const at::Tensor x = at::randn({1, 4, 4, 4}), w = at::randn({4, 4, 3, 3}), b = at::randn({4});
  const ss_ops_table& ops = *bridge::ops_table();
  ss_operator op = nullptr;
  bridge::check(ops.resolve(bridge::to_ss_string("aten::conv2d"), &op), "conv2d");
  ss_tensor handles[] = {bridge::to_handle(x), bridge::to_handle(w), bridge::to_handle(b)};
  ss_value arguments[3];
  for (int i = 0; i < 3; ++i) arguments[i] = {.tag = SS_VALUE_TENSOR, .count = 0, .as = {.tensor = handles[i]}};
  constexpr int kCalls = 2000;
  const PairedTimes times = time_in_pairs(
      51,
      [&] {
        for (int i = 0; i < kCalls; ++i) {
          ss_value result;
          uint32_t count = 1;
          bridge::check(ops.call(op, arguments, 3, &result, &count), "conv2d");
          bridge::release(result.as.tensor);
        }
      },
      [&] {
        for (int i = 0; i < kCalls; ++i) at::conv2d(x, w, b);
      });
  for (ss_tensor handle : handles) bridge::release(handle);
  return (times.first - times.second) / kCalls;
}

// The same for a layer of ss.layers/1: convolution, batch norm, relu.
double extra_of_layer() {
  state::StateStore store;
  state::Builder builder(store, "tiny", at::detail::createCPUGenerator(0));
  const ss_norm_spec norm{sizeof(ss_norm_spec), SS_NORM_BATCH, 0, 1e-5, 0.1};
  const ss_activation_spec relu{sizeof(ss_activation_spec), SS_ACTIVATION_RELU, 0};
  ss_conv_spec spec{};
  spec.size = sizeof(spec);
  spec.name = bridge::to_ss_string("layer");
  spec.conv_part = bridge::to_ss_string("conv");
  spec.norm_part = bridge::to_ss_string("norm");
  spec.in_channels = spec.out_channels = 4;
  for (int axis = 0; axis < 2; ++axis) {
    spec.kernel[axis] = 3;
    spec.stride[axis] = spec.padding[axis] = spec.dilation[axis] = 1;
  }
  spec.groups = 1;
  spec.norm = &norm;
  spec.activation = &relu;
  ss_layer layer = nullptr;
  const ss_layers_table& layers = *layer::layers_table();
  bridge::check(layers.conv(&builder, &spec, &layer), "conv");
  state::ExecutionContext context = context_for(store);

  const at::Tensor x = at::randn({1, 4, 4, 4});
  const ss_tensor input = bridge::to_handle(x);
  const auto state = [&](const char* name) { return store.find(name)->value; };
  const at::Tensor weight = state("tiny.layer.conv.weight"), scale = state("tiny.layer.norm.weight"),
                   shift = state("tiny.layer.norm.bias"), mean = state("tiny.layer.norm.running_mean"),
                   variance = state("tiny.layer.norm.running_var");
  constexpr int kCalls = 1000;
  const PairedTimes times = time_in_pairs(
      51,
      [&] {
        for (int i = 0; i < kCalls; ++i) {
          ss_tensor result = nullptr;
          bridge::check(layers.apply(&context, layer, &input, 1, nullptr, &result), "apply");
          bridge::release(result);
        }
      },
      [&] {
        for (int i = 0; i < kCalls; ++i) {
          const at::Tensor y = at::conv2d(x, weight, {}, {1, 1}, {1, 1}, {1, 1});
          at::batch_norm(y, scale, shift, mean, variance, false, 0.1, 1e-5, true).relu_();
        }
      });
  bridge::release(input);
  return (times.first - times.second) / kCalls;
}

int run() {
  at::set_num_threads(1);
  const at::NoGradGuard no_grad;
  const run::Session session = run::open_session_text(kPipeline, "bench", {}, [](ss_log_level, std::string_view) {});
  const auto model = run::build_model(session, 150);
  const DirectPspNet direct(model->store);
  const at::Tensor image = at::randn({1, 3, 512, 512});
  state::ExecutionContext context = context_for(model->store);

  const double difference =
      (model->segmentor->logits(context, image) - direct.logits(image)).abs().max().item<double>();
  std::printf("largest difference of a logit    %.2g\n", difference);
  if (difference > 1e-4) return 1;

  const bridge::CallCounts calls = [&] {
    const bridge::CallCounter counter;
    model->segmentor->logits(context, image);
    return counter.counts();
  }();
  const PairedTimes times = time_in_pairs(
      9, [&] { model->segmentor->logits(context, image); }, [&] { direct.logits(image); });
  const double boundary =
      static_cast<double>(calls.operators) * extra_of_operator() + static_cast<double>(calls.layers) * extra_of_layer();
  std::printf("calls of one forward             %ld operators, %ld layers\n", calls.operators, calls.layers);
  std::printf("the boundary                     %.3f ms, %.4f %% of the forward\n", boundary * 1e3,
              100 * boundary / times.first);
  std::printf("forward through plugins          %.0f ms\n", times.first * 1e3);
  std::printf("forward directly on LibTorch     %.0f ms\n", times.second * 1e3);
  std::printf("ratio, median of pairs           %.3f\n", times.ratio);
  return 0;
}

}  // namespace
}  // namespace sshost::bench

int main() try { return sshost::bench::run(); } catch (const std::exception& error) {
  std::fprintf(stderr, "bench_pspnet_forward: %s\n", error.what());
  return 1;
}
