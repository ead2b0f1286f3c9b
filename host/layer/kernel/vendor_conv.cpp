#include "layer/kernel/vendor_conv.h"

#include <ATen/Context.h>
#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/relu.h>

#include <array>
#include <optional>
#include <string_view>

#include "layer/kernel/panels.h"

namespace sshost::layer::kernel {
namespace {

using Scalars = c10::List<std::optional<c10::Scalar>>;
using Text = std::optional<std::string_view>;
using Reorder = at::Tensor(const at::Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t,
                           at::OptionalIntArrayRef);
using Plain = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&, at::IntArrayRef,
                         at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view, Scalars, Text);
using Adding = at::Tensor(const at::Tensor&, const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
                          at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view,
                          std::optional<at::Scalar>, Text, Scalars, Text);

template <typename Signature>
auto find(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

// The order of weights in bfloat16 depends on the map's size: without one they would be put in order again at each call.
at::Tensor reordered(const ConvProblem& problem, at::ScalarType type) {
  static const auto op = find<Reorder>("mkldnn::_reorder_convolution_weight", "");
  const ConvShape& shape = problem.shape;
  const std::array<int64_t, 4> map = {1, shape.in_channels, 64, 64};
  const bool fits = shape.dilation[0] * (shape.kernel[0] - 1) < 64 && shape.dilation[1] * (shape.kernel[1] - 1) < 64;
  return op.call(problem.weight.to(type).contiguous(), shape.padding, shape.stride, shape.dilation, shape.groups,
                 type == at::kBFloat16 && fits ? at::OptionalIntArrayRef(map) : std::nullopt);
}

class VendorConv final : public ConvKernel {
 public:
  VendorConv(const ConvProblem& problem, at::ScalarType type)
      : shape_(problem.shape), type_(type), weight_(reordered(problem, type)), relu_(problem.relu) {
    if (problem.bias.defined()) bias_ = problem.bias.to(type);
  }

  at::Tensor run(const at::Tensor& input, const at::Tensor& residual) const override {
    const at::Tensor map = taken(input);
    at::Tensor output = residual.defined() ? add(map, taken(residual)) : plain(map);
    return relu_ ? output.relu_() : output;  // oneDNN's own would turn NaN into 0
  }

 private:
  at::Tensor taken(const at::Tensor& map) const { return map.to(type_).contiguous(at::MemoryFormat::ChannelsLast); }

  at::Tensor plain(const at::Tensor& map) const {
    static const auto op = find<Plain>("mkldnn::_convolution_pointwise", "");
    return op.call(map, weight_, bias_, shape_.padding, shape_.stride, shape_.dilation, shape_.groups, "none",
                   Scalars(), std::nullopt);
  }

  at::Tensor add(const at::Tensor& map, const at::Tensor& residual) const {
    static const auto op = find<Adding>("mkldnn::_convolution_pointwise", "binary");
    return op.call(map, residual, weight_, bias_, shape_.padding, shape_.stride, shape_.dilation, shape_.groups, "add",
                   std::nullopt, Text(), Scalars(), std::nullopt);
  }

  ConvShape shape_;
  at::ScalarType type_;
  at::Tensor weight_;  // in oneDNN's own order
  std::optional<at::Tensor> bias_;
  bool relu_;
};

}  // namespace

std::shared_ptr<const ConvKernel> make_vendor_conv(const ConvProblem& problem, at::ScalarType type) {
  return std::make_shared<VendorConv>(problem, type);
}

bool has_vendor_conv() {
  static const bool found =
      c10::Dispatcher::singleton().findSchema({"mkldnn::_convolution_pointwise", ""}).has_value() &&
      at::globalContext().hasMKLDNN();
  return found && at::globalContext().userEnabledMkldnn();
}

bool has_bfloat16_conv() { return has_vendor_conv() && has_micro_kernel(); }

bool has_bfloat16_unit() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace sshost::layer::kernel
