// Activations, as part of a convolution or linear layer (ActivationSpec), or alone (Activation).
#ifndef SSHOST_NN_ACTIVATION_HPP
#define SSHOST_NN_ACTIVATION_HPP

#include <string>
#include <string_view>

#include "layer.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct ActivationSpec {
  ss_activation_kind kind = SS_ACTIVATION_NONE;
  double slope = 0;
};

inline constexpr ActivationSpec no_activation{};
inline constexpr ActivationSpec relu{SS_ACTIVATION_RELU, 0};
inline constexpr ActivationSpec gelu{SS_ACTIVATION_GELU, 0};  // exact, with erf
inline constexpr ActivationSpec silu{SS_ACTIVATION_SILU, 0};
inline constexpr ActivationSpec leaky_relu{SS_ACTIVATION_LEAKY_RELU, 0.01};  // `slope` below zero
inline constexpr ActivationSpec prelu{SS_ACTIVATION_PRELU, 0.25};            // a parameter `weight`, at first `slope`

namespace detail {

// An ActivationSpec that needs ss.layers/2 where it is used.
template <ss_activation_kind kind>
struct LaterActivation {
  double slope = 0;
  operator ActivationSpec() const {  // NOLINT: implicit by design
    layers_2_api();
    return {kind, slope};
  }
};

}  // namespace detail

// Hosts before ss.layers/2 refuse plugins that use these.
inline constexpr detail::LaterActivation<SS_ACTIVATION_RELU6> relu6{};
inline constexpr detail::LaterActivation<SS_ACTIVATION_HARDSWISH> hardswish{};
inline constexpr detail::LaterActivation<SS_ACTIVATION_HARDSIGMOID> hardsigmoid{};
inline constexpr detail::LaterActivation<SS_ACTIVATION_ELU> elu{1.0};  // `slope` (exp(x) - 1) below zero

// For an option "activation" with the choices "relu", "leaky_relu", "prelu", "gelu", "silu".
inline ActivationSpec activation_named(std::string_view name) {
  if (name == "relu") return relu;
  if (name == "leaky_relu") return leaky_relu;
  if (name == "prelu") return prelu;
  if (name == "gelu") return gelu;
  if (name == "silu") return silu;
  throw Error("no activation is called " + std::string(name) + "; there are relu, leaky_relu, prelu, gelu, silu");
}

namespace detail {
inline ss_activation_spec to_abi(const ActivationSpec& spec) {
  return {sizeof(ss_activation_spec), spec.kind, spec.slope};
}
}  // namespace detail

class Activation : public detail::Layer {
 public:
  Activation(const Builder& build, std::string_view name, const ActivationSpec& spec)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          const ss_activation_spec abi = detail::to_abi(spec);
          return detail::layers_api().activation(build.handle(), ss::detail::to_abi(path), &abi, out);
        }) {}

  Tensor operator()(Context& ctx, const Tensor& x) const { return apply(ctx, x); }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
