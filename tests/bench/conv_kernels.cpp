// What each algorithm for a convolution takes beside the plain one: CPU milliseconds of all threads (so that neighbours
// disturb little), GFLOP/s of the convolution's own products, and which one is chosen. For the 3x3 convolutions of
// DeepLabV3 and PSPNet on ResNet-50 at 512 x 512; docs/performance.md has a table.
//   bench_conv_kernels [<repeats>]
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <string>

#include "layer/kernel/choose.h"
#include "layer/kernel/panels.h"
#include "layer/kernel/pointwise_conv.h"
#include "layer/kernel/shifted_conv.h"
#include "layer/kernel/vendor_conv.h"
#include "layer/kernel/winograd_conv.h"
#include "layer/kernel/winograd_transform.h"

namespace {

using namespace sshost::layer::kernel;

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double best_of(int repeats, const std::function<void()>& work) {
  work();
  double best = 1e9;
  for (int i = 0; i < repeats; ++i) {
    const double begin = cpu_seconds();
    work();
    best = std::min(best, cpu_seconds() - begin);
  }
  return best;
}

void measure(int64_t in, int64_t out, int64_t size, int64_t dilation, int repeats) {
  const ConvShape shape{in, out, {3, 3}, {1, 1}, {dilation, dilation}, {dilation, dilation}, 1};
  const ConvProblem problem{shape, at::randn({out, in, 3, 3}) / 50, at::randn({out}), true};
  const at::Tensor plain_input = at::randn({1, in, size, size});
  const at::Tensor input = plain_input.contiguous(at::MemoryFormat::ChannelsLast);
  const double flops = 2.0 * 9 * static_cast<double>(in * out * size * size);
  const ConvChoice choice = choose_conv(shape, size, size);
  std::printf("%4ld -> %4ld, %3ldx%-3ld dilation %2ld", in, out, size, size, dilation);
  const auto show = [&](const char* name, double seconds, bool chosen) {
    std::printf(" |%s%s %6.1f ms %5.0f", chosen ? "*" : " ", name, 1e3 * seconds, flops / seconds / 1e9);
  };
  show("plain",
       best_of(repeats, [&] { at::conv2d(plain_input, problem.weight, problem.bias, 1, dilation, dilation).relu_(); }),
       false);
  const auto vendor = make_vendor_conv(problem);
  show("vendor", best_of(repeats, [&] { vendor->run(input, {}); }), choice.algorithm == ConvAlgorithm::kVendor);
  const auto panels = make_panels(problem);
  sshost::state::Workspace workspace;
  if (has_micro_kernel()) {
    show("shifted", best_of(repeats, [&] { shifted_conv(*panels, input, {}, workspace); }),
         choice.algorithm == ConvAlgorithm::kShifted);
    for (const int m : kWinogradSizes) {
      const std::string name = "F" + std::to_string(m);
      show(name.c_str(), best_of(repeats, [&] { winograd_conv(m, *panels, input, {}, workspace); }),
           choice.algorithm == ConvAlgorithm::kWinograd && choice.tile == m);
    }
  }
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int count, char** arguments) {
  const int repeats = count > 1 ? std::atoi(arguments[1]) : 3;
  const at::InferenceMode inference;
  for (const auto& [in, out, size, dilation] : {std::array<int64_t, 4>{64, 64, 128, 1},
                                                {128, 128, 64, 1},
                                                {256, 256, 64, 2},
                                                {512, 512, 64, 4},
                                                {2048, 512, 64, 12},
                                                {2048, 512, 64, 24},
                                                {2048, 512, 64, 36},
                                                {2048, 512, 64, 1},
                                                {2560, 512, 64, 1},
                                                {512, 512, 128, 1},
                                                {1024, 256, 33, 6}}) {
    measure(in, out, size, dilation, repeats);
  }
}
