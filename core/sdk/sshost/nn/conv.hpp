// Convolution -> norm -> (+ residual) -> activation, as one layer that the host may fuse.
//
//   ss::nn::Conv fuse(build, "fuse", {.in = 4096, .out = 512, .kernel = 3, .norm = ss::nn::batch_norm,
//                                     .activation = ss::nn::relu});
//   y = fuse(ctx, x);
//   y = fuse(ctx, {x, coarse, pooled});   resizes every part to the first one's size and concatenates them
//   y = fuse(ctx, x, residual);           added before the activation
//
// Its state is named "fuse.conv.weight", "fuse.norm.weight" and so on; without a norm, "fuse.weight".
#ifndef SSHOST_NN_CONV_HPP
#define SSHOST_NN_CONV_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "activation.hpp"
#include "norm.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

// Height and width; a single number is both.
struct Pair {
  int64_t height;
  int64_t width;
  constexpr Pair(int64_t both) : height(both), width(both) {}  // NOLINT: implicit by design
  constexpr Pair(int64_t height_, int64_t width_) : height(height_), width(width_) {}
};

namespace detail {
template <int64_t padding>
struct LaterPadding {
  operator Pair() const {  // NOLINT: implicit by design
    layers_2_api();
    return padding;
  }
};
}  // namespace detail

// As a padding: what keeps the size, of even kernels too, as PyTorch's "same". For a stride of 1. A host before
// ss.layers/2 refuses plugins that use it; those with odd kernels need not, since no padding at all means this too.
inline constexpr detail::LaterPadding<SS_PADDING_SAME> same{};

enum class Resize : ss_resize_kind {
  none = SS_RESIZE_NONE,
  bilinear = SS_RESIZE_BILINEAR,
  nearest = SS_RESIZE_NEAREST,
  bilinear_align_corners = SS_RESIZE_BILINEAR_ALIGN_CORNERS
};

struct ConvSpec {
  int64_t in = 0;  // channels, the sum over all inputs
  int64_t out = 0;
  Pair kernel = 1;
  Pair stride = 1;
  std::optional<Pair> padding = std::nullopt;  // zeros on both sides; nothing said: what keeps the size at stride 1
  Pair dilation = 1;
  int64_t groups = 1;
  std::optional<bool> bias = std::nullopt;  // nothing said: where there is no norm
  NormSpec norm = no_norm;
  ActivationSpec activation = no_activation;
  Resize resize = Resize::bilinear;  // of further inputs, to the first one's size
  bool transposed = false;
  Pair output_padding = 0;  // of a transposed convolution
  // Names of the parts; nothing said: "conv" and "norm" where there is a norm, none for a convolution alone.
  std::optional<std::string_view> conv_part = std::nullopt;
  std::optional<std::string_view> norm_part = std::nullopt;
  std::string_view activation_part = "activation";  // of a prelu
};

class Conv : public detail::Layer {
 public:
  Conv(const Builder& build, std::string_view name, const ConvSpec& spec)
      : Layer([&](ss_layer* out) { return declare(build, name, spec, out); }) {}

  Tensor operator()(Context& ctx, const Tensor& x, const Tensor& residual = {}) const {
    return apply(ctx, x, residual);
  }
  Tensor operator()(Context& ctx, const std::vector<Tensor>& inputs, const Tensor& residual = {}) const {
    return apply(ctx, inputs, residual);
  }

 private:
  static ss_status declare(const Builder& build, std::string_view name, const ConvSpec& spec, ss_layer* out) {
    const bool has_norm = spec.norm.kind != SS_NORM_NONE;
    const std::string path = build.path(name);
    const ss_norm_spec norm = detail::to_abi(spec.norm);
    const ss_activation_spec activation = detail::to_abi(spec.activation);
    ss_conv_spec abi{};
    abi.size = sizeof(abi);
    abi.transposed = spec.transposed ? 1 : 0;
    abi.name = ss::detail::to_abi(path);
    abi.conv_part = ss::detail::to_abi(spec.conv_part.value_or(has_norm ? "conv" : ""));
    abi.norm_part = ss::detail::to_abi(spec.norm_part.value_or("norm"));
    abi.activation_part = ss::detail::to_abi(spec.activation_part);
    abi.in_channels = spec.in;
    abi.out_channels = spec.out;
    put(spec.kernel, abi.kernel);
    put(spec.stride, abi.stride);
    put(spec.padding.value_or(same_size(spec)), abi.padding);
    put(spec.dilation, abi.dilation);
    put(spec.output_padding, abi.output_padding);
    abi.groups = spec.groups;
    abi.bias = spec.bias.value_or(!has_norm) ? 1 : 0;
    abi.resize = static_cast<ss_resize_kind>(spec.resize);
    abi.norm = has_norm ? &norm : nullptr;
    abi.activation = spec.activation.kind != SS_ACTIVATION_NONE ? &activation : nullptr;
    return detail::layers_api().conv(build.handle(), &abi, out);
  }

  static void put(Pair from, int64_t (&to)[2]) {
    to[0] = from.height;
    to[1] = from.width;
  }

  static Pair same_size(const ConvSpec& spec) {
    return {spec.dilation.height * (spec.kernel.height - 1) / 2, spec.dilation.width * (spec.kernel.width - 1) / 2};
  }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
