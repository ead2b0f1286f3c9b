#include "layer/kernel/int8_conv.h"

#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <optional>
#include <string_view>

#include "layer/kernel/codes.h"

namespace sshost::layer::kernel {
namespace {

using Integers = c10::List<int64_t>;
using Scalars = c10::List<std::optional<c10::Scalar>>;
using Text = std::optional<std::string_view>;
using Bias = std::optional<at::Tensor>;
using Type = std::optional<at::ScalarType>;
using Pack = at::Tensor(at::Tensor, at::Tensor, double, int64_t, Integers, Integers, Integers, int64_t,
                        std::optional<Integers>);
using Plain = at::Tensor(at::Tensor, double, int64_t, at::Tensor, at::Tensor, at::Tensor, Bias, Integers, Integers,
                         Integers, int64_t, double, int64_t, Type, std::string_view, Scalars, Text);
using Adding = at::Tensor(at::Tensor, double, int64_t, at::Tensor, at::Tensor, at::Tensor, at::Tensor, Bias, Integers,
                          Integers, Integers, int64_t, double, int64_t, Type, double, int64_t, std::string_view,
                          std::optional<at::Scalar>, Text, Scalars, Text);

constexpr const char* kConv = "onednn::qconv2d_pointwise";
constexpr const char* kPack = "onednn::qconv_prepack";

template <typename Signature>
auto find(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchemaOrThrow(name, overload).typed<Signature>();
}

Integers list(const std::array<int64_t, 2>& pair) { return {pair[0], pair[1]}; }

// The order of the weights depends a little on the map's size. Without one it is a wrong guess for 1x1 convolutions,
// and they are put in order again at each call; the order for this one is right for all but the smallest.
std::optional<Integers> packed_for(const ConvShape& shape) {
  constexpr int64_t kSide = 64;
  for (size_t axis = 0; axis < 2; ++axis) {
    if (shape.dilation[axis] * (shape.kernel[axis] - 1) + 1 > kSide + 2 * shape.padding[axis]) return std::nullopt;
  }
  return Integers{1, shape.in_channels, kSide, kSide};
}

at::Tensor packed(const ConvShape& shape, const Int8Weight& weight, const state::Codes& input) {
  static const auto op = find<Pack>(kPack, "");
  return op.call(weight.values, weight.scales, input.scale, input.zero_point, list(shape.stride), list(shape.padding),
                 list(shape.dilation), shape.groups, packed_for(shape));
}

}  // namespace

Int8Weight to_int8(const at::Tensor& weight) {
  const at::Tensor largest = weight.detach().abs().flatten(1).amax(1);
  const at::Tensor scales = at::where(largest > 0, largest / 127, at::ones_like(largest));
  std::vector<int64_t> by_channel(static_cast<size_t>(weight.dim()), 1);
  by_channel[0] = -1;
  const at::Tensor values = (weight.detach() / scales.view(by_channel)).round().clamp(-127, 127).to(at::kChar);
  return {values.contiguous(), scales};
}

at::Tensor from_int8(const Int8Weight& weight) {
  std::vector<int64_t> by_channel(static_cast<size_t>(weight.values.dim()), 1);
  by_channel[0] = -1;
  return weight.values.to(at::kFloat) * weight.scales.view(by_channel);
}

// What comes out: codes, or float32.
struct Int8Conv::Target {
  state::Codes codes = {};
  at::ScalarType type = at::kFloat;
};

Int8Conv::Int8Conv(const ConvProblem& problem, const state::Codes& input)
    : shape_(problem.shape),
      input_(input),
      zero_points_(at::zeros({problem.shape.out_channels}, at::kInt)),
      relu_(problem.relu) {
  const Int8Weight weight = to_int8(problem.weight);
  packed_ = packed(shape_, weight, input);
  scales_ = weight.scales;
  if (problem.bias.defined()) bias_ = problem.bias.contiguous();
}

at::Tensor Int8Conv::run(const at::Tensor& input, const at::Tensor& residual) const {
  if (!residual.defined()) return plain(input, {});
  return added(input, residual.clone(at::MemoryFormat::ChannelsLast), {}, {});
}

at::Tensor Int8Conv::run(const at::Tensor& input, const at::Tensor& residual, const state::Codes& output) const {
  const Target target{output, at::kByte};
  if (!residual.defined()) return as_codes(plain(input, target), output);
  const at::Tensor sum = bytes_of(residual).clone(at::MemoryFormat::ChannelsLast);
  return as_codes(added(input, sum, codes_of(residual), target), output);
}

at::Tensor Int8Conv::plain(const at::Tensor& input, const Target& target) const {
  static const auto op = find<Plain>(kConv, "");
  return op.call(input, input_.scale, input_.zero_point, packed_, scales_, zero_points_, bias_, list(shape_.stride),
                 list(shape_.padding), list(shape_.dilation), shape_.groups, target.codes.scale,
                 target.codes.zero_point, target.type, relu_ ? "relu" : "none", Scalars(), Text(""));
}

// Into `sum`, which becomes the output.
at::Tensor Int8Conv::added(const at::Tensor& input, const at::Tensor& sum, const state::Codes& of_sum,
                           const Target& target) const {
  static const auto op = find<Adding>(kConv, "binary");
  return op.call(input, input_.scale, input_.zero_point, packed_, scales_, zero_points_, sum, bias_,
                 list(shape_.stride), list(shape_.padding), list(shape_.dilation), shape_.groups, target.codes.scale,
                 target.codes.zero_point, target.type, of_sum.scale, of_sum.zero_point, "sum", 1.0,
                 relu_ ? Text("relu") : Text("none"), Scalars(), Text(""));
}

bool has_int8_conv() {
  static const bool is_known = [] {
    auto& dispatcher = c10::Dispatcher::singleton();
    return dispatcher.findSchema({kPack, ""}) && dispatcher.findSchema({kConv, ""}) &&
           dispatcher.findSchema({kConv, "binary"}) && at::globalContext().hasMKLDNN();
  }();
#if defined(__x86_64__)
  static const bool has_unit = __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
#else
  constexpr bool has_unit = false;
#endif
  return is_known && has_unit && at::globalContext().userEnabledMkldnn();
}

}  // namespace sshost::layer::kernel
