#include "layer/kernel/panels.h"

#include <ATen/Context.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <vector>

namespace sshost::layer::kernel {
namespace {

// [out, in, kh, kw] -> for each panel [kh * kw, in, width], one after the other.
at::Tensor in_panels(const at::Tensor& weight) {
  const at::Tensor by_tap = weight.permute({2, 3, 1, 0}).flatten(0, 1);
  std::vector<at::Tensor> panels;
  for (const at::Tensor& panel : by_tap.split(kPanelWidth, 2)) panels.push_back(panel.flatten());
  return at::cat(panels);
}

}  // namespace

std::shared_ptr<const Panels> make_panels(const ConvProblem& problem) {
  const ConvShape& shape = problem.shape;
  return std::make_shared<Panels>(
      Panels{in_panels(problem.weight),
             problem.bias.defined() ? problem.bias.contiguous() : at::zeros({shape.out_channels}, at::kFloat),
             shape.kernel[0] * shape.kernel[1], shape.in_channels, shape.out_channels, shape.stride[0],
             shape.dilation[0], problem.relu});
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
