#include "layer/kernel/taps.h"

#include <ATen/Context.h>
#include <ATen/ops/zeros.h>

namespace sshost::layer::kernel {

std::shared_ptr<const Taps> make_taps(const ConvProblem& problem) {
  const int64_t in = problem.shape.in_channels;
  const int64_t out = problem.shape.out_channels;
  return std::make_shared<Taps>(Taps{problem.weight.permute({2, 3, 1, 0}).reshape({9, in, out}).contiguous(),
                                     problem.bias.defined() ? problem.bias : at::zeros({out}, at::kFloat),
                                     problem.shape.dilation[0], problem.relu});
}

bool has_micro_kernel() {
#if defined(__x86_64__)  // what oneDNN calls avx512_core
  static const bool has_unit = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  constexpr bool has_unit = false;
#endif
  return has_unit && at::globalContext().userEnabledMkldnn();
}

}  // namespace sshost::layer::kernel
