// x W^T + b over the last axis.
#ifndef SSHOST_NN_LINEAR_HPP
#define SSHOST_NN_LINEAR_HPP

#include <string>
#include <string_view>

#include "activation.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace nn {

struct LinearSpec {
  int64_t in = 0;
  int64_t out = 0;
  bool bias = true;
  ActivationSpec activation = no_activation;
};

class Linear : public detail::Layer {
 public:
  Linear(const Builder& build, std::string_view name, const LinearSpec& spec)
      : Layer([&](ss_layer* out) {
          const std::string path = build.path(name);
          const ss_activation_spec activation = detail::to_abi(spec.activation);
          ss_linear_spec abi{};
          abi.size = sizeof(abi);
          abi.bias = spec.bias ? 1 : 0;
          abi.name = ss::detail::to_abi(path);
          abi.in_features = spec.in;
          abi.out_features = spec.out;
          abi.activation = spec.activation.kind != SS_ACTIVATION_NONE ? &activation : nullptr;
          return detail::layers_api().linear(build.handle(), &abi, out);
        }) {}

  Tensor operator()(Context& ctx, const Tensor& x) const { return apply(ctx, x); }
};

}  // namespace nn
}  // namespace v1
}  // namespace ss

#endif
